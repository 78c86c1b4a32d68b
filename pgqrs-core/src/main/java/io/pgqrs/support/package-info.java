/**
 * JSON and headers, bounded batches, and what is told of messages and runs.
 */
@NullMarked
package io.pgqrs.support;

import org.jspecify.annotations.NullMarked;

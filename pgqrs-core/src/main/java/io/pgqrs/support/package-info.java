/**
 * JSON and headers.
 */
@NullMarked
package io.pgqrs.support;

import org.jspecify.annotations.NullMarked;

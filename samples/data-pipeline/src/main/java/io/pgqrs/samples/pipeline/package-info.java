/**
 * Counts the words of a text in a durable workflow.
 */
@NullMarked
package io.pgqrs.samples.pipeline;

import org.jspecify.annotations.NullMarked;

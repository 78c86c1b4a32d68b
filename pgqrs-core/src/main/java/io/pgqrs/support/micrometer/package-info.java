/**
 * What pgqrs tells Micrometer: observations, with trace context in the headers of
 * messages.
 */
@NullMarked
package io.pgqrs.support.micrometer;

import org.jspecify.annotations.NullMarked;

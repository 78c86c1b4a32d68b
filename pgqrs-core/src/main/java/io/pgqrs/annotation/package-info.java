/**
 * Annotations for listeners, and the post-processor that finds them.
 */
@NullMarked
package io.pgqrs.annotation;

import org.jspecify.annotations.NullMarked;

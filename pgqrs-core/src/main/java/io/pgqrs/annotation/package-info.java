/**
 * Annotations for listeners, workflows and steps, and the post-processors that find them.
 */
@NullMarked
package io.pgqrs.annotation;

import org.jspecify.annotations.NullMarked;

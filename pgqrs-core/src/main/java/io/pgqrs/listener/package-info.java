/**
 * Listener containers: fetching, handling, acknowledging, retrying.
 */
@NullMarked
package io.pgqrs.listener;

import org.jspecify.annotations.NullMarked;

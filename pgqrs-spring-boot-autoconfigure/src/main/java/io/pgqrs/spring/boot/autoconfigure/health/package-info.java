/**
 * Health of the queue: whether this process can do its work.
 */
@NullMarked
package io.pgqrs.spring.boot.autoconfigure.health;

import org.jspecify.annotations.NullMarked;

/**
 * The Actuator endpoint {@code pgqrs}: what queues, listeners and workflows do, and how
 * to steer them.
 */
@NullMarked
package io.pgqrs.spring.boot.autoconfigure.endpoint;

import org.jspecify.annotations.NullMarked;

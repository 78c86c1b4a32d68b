/**
 * Metrics of queues, workers and workflows.
 */
@NullMarked
package io.pgqrs.spring.boot.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;

/**
 * Durable workflows: what a workflow sees, what starts and steers runs, and the engine
 * that executes them, records their steps and replays what is recorded.
 */
@NullMarked
package io.pgqrs.workflow;

import org.jspecify.annotations.NullMarked;

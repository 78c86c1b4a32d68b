/**
 * The benchmark program: its command line, what it measures in which order, and the
 * results that it writes down.
 */
@NullMarked
package io.pgqrs.benchmarks;

import org.jspecify.annotations.NullMarked;

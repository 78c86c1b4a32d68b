@NullMarked
package io.pgqrs.benchmarks.scenario;

import org.jspecify.annotations.NullMarked;

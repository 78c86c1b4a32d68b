@NullMarked
package io.pgqrs.benchmarks;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.pgqrs.benchmarks.contender;

import org.jspecify.annotations.NullMarked;

/** The databases that contenders work on. */
@NullMarked
package io.pgqrs.benchmarks.database;

import org.jspecify.annotations.NullMarked;

/** Turns stored results into a page with tables and charts. */
@NullMarked
package io.pgqrs.benchmarks.report;

import org.jspecify.annotations.NullMarked;

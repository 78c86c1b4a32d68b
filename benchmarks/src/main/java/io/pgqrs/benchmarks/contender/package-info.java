/** Pgqrs, its peers, and the limit of what the database can do, behind one interface. */
@NullMarked
package io.pgqrs.benchmarks.contender;

import org.jspecify.annotations.NullMarked;

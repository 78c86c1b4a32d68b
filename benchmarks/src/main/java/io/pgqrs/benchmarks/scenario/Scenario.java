package io.pgqrs.benchmarks.scenario;

import java.util.List;

import io.pgqrs.benchmarks.Comparison;
import io.pgqrs.benchmarks.database.Database;

/** Something to measure. */
public interface Scenario {

	/** What it is called on the command line and in results. */
	String name();

	/**
	 * What is compared.
	 * @param database where
	 * @param full whether there is time for all of it
	 * @return empty if there is nothing to measure on such a database
	 */
	List<Comparison> comparisons(Database database, boolean full);

}

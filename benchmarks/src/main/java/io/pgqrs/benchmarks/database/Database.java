package io.pgqrs.benchmarks.database;

import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;

/** A database that all contenders work on in turns. */
public interface Database extends AutoCloseable {

	/** PostgreSQL or SQLite. */
	String name();

	/** Whether this is PostgreSQL. */
	boolean isPostgres();

	/**
	 * What results depend on.
	 * @return the version and the settings that matter, by name
	 */
	Map<String, String> description();

	/**
	 * A new pool, to be closed by the caller.
	 * @param size connections at the most
	 */
	HikariDataSource pool(int size);

	/** Connections without a pool. */
	DataSource direct();

	/** Removes all that contenders have left. */
	void clean();

	/** Makes statistics and visibility fresh, and writes dirty pages out. */
	void settle();

	/** Whether {@link #costs()} says something. */
	boolean countsCosts();

	/**
	 * What has been spent so far.
	 * @return counters that only grow, all 0 where the database does not count
	 */
	Costs costs();

	@Override
	void close();

}

package io.pgqrs.store;

import org.jspecify.annotations.Nullable;

/**
 * The tables themselves.
 *
 * @since 0.1
 */
public interface SchemaStore {

	/**
	 * Creates the tables, or brings them up to the version of this library. Safe to call
	 * from several processes at once, and when there is nothing to do.
	 */
	void migrate();

	/**
	 * Compares the tables with what this library needs. Changes nothing.
	 * @return what was found
	 */
	SchemaStatus status();

	/**
	 * The version of the tables, by one statement, for who has compared them before.
	 * @return what was installed last, null if there is none or it cannot be read
	 */
	@Nullable String installedVersion();

}

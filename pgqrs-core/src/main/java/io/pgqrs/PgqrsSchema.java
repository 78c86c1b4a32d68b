package io.pgqrs;

import io.pgqrs.store.SchemaStatus;
import io.pgqrs.store.SchemaStatus.State;
import io.pgqrs.store.SchemaStore;

/**
 * Installs and checks the tables, and refuses what does not fit this library.
 *
 * @since 0.1
 */
public final class PgqrsSchema {

	private final SchemaStore store;

	/**
	 * Makes a schema.
	 * @param store the tables
	 */
	public PgqrsSchema(SchemaStore store) {
		this.store = store;
	}

	/**
	 * Creates the tables, or brings them up to the version of this library. Safe when
	 * several processes do it at once, and when there is nothing to do.
	 * @throws SchemaMismatchException if the schema is newer than this library, or was
	 * changed
	 */
	public void install() {
		SchemaStatus status = this.store.status();
		switch (status.state()) {
			case MISSING, OLDER -> this.store.migrate();
			case NEWER, DIFFERENT -> throw new SchemaMismatchException(status);
			case CURRENT -> {
			}
		}
	}

	/**
	 * Checks that the tables are those that this library needs. Changes nothing.
	 * @throws SchemaMismatchException if not
	 */
	public void verify() {
		SchemaStatus status = this.store.status();
		if (status.state() != State.CURRENT) {
			throw new SchemaMismatchException(status);
		}
	}

}

package io.pgqrs;

import io.pgqrs.store.SchemaStatus;

/**
 * The tables in the database are not those that this library needs.
 *
 * @since 0.1
 */
public class SchemaMismatchException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	private final transient SchemaStatus status;

	public SchemaMismatchException(SchemaStatus status) {
		super(describe(status));
		this.status = status;
	}

	private static String describe(SchemaStatus status) {
		return switch (status.state()) {
			case CURRENT -> "The pgqrs schema is current";
			case MISSING -> "The pgqrs schema is not installed (" + status.detail()
					+ "). Set pgqrs.schema.mode=migrate or call PgqrsAdmin.install";
			case OLDER -> "The pgqrs schema is older than this library (" + status.detail()
					+ "). Set pgqrs.schema.mode=migrate or call PgqrsAdmin.install";
			case NEWER -> "The pgqrs schema is newer than this library (" + status.detail()
					+ "). Use the version of pgqrs that installed it, or a later one";
			case DIFFERENT -> "The pgqrs schema is not the one that this library ships (" + status.detail()
					+ "). Somebody changed a migration or the schema history; restore it";
		};
	}

	/**
	 * What was found.
	 * @return the verdict and the details
	 */
	public SchemaStatus getStatus() {
		return this.status;
	}

}

package io.pgqrs.store.postgres;

import java.util.regex.Pattern;

/**
 * The PostgreSQL schema that holds the tables. Statements are written without it; nothing
 * relies on the search path, which a pooled connection may have changed.
 */
final class PostgresSchema {

	/** As PostgreSQL allows it without quotes, in its 63 bytes. */
	private static final Pattern IDENTIFIER = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

	private static final Pattern TABLE = Pattern
		.compile("\\bpgqrs_(?:queues|messages|messages_id_seq|archive|dead_letters|workers"
				+ "|workflow_runs|workflow_steps|workflow_signals|maintenance)\\b");

	private static final Pattern INDEXED = Pattern.compile("\\{indexed (\\w+)}");

	/** Holds for each row, and is so dear that the second half is never evaluated. */
	private static final String DEAR = "coalesce($1.id > 0, (SELECT count(*) > 0 FROM generate_series(1, $1.id)))";

	private final String name;

	PostgresSchema(String name) {
		if (!IDENTIFIER.matcher(name).matches()) {
			throw new IllegalArgumentException(
					"'" + name + "' is no name for the pgqrs schema. pgqrs.schema.name takes "
							+ "1 to 63 lower-case letters, digits and underscores, and no digit first");
		}
		this.name = name;
	}

	String name() {
		return this.name;
	}

	/**
	 * Puts the schema before each table of a statement.
	 * @param sql may say {@code {indexed m}} in a condition on rows {@code m} that are
	 * looked up by their id. A plan that is made while a table has few rows would read
	 * all of it, and is kept when it has many. So the planner is told of a condition that
	 * is dear to check: by an index it is checked for one row
	 */
	String qualify(String sql) {
		return TABLE.matcher(INDEXED.matcher(sql).replaceAll(DEAR)).replaceAll("\"" + this.name + "\".$0");
	}

}

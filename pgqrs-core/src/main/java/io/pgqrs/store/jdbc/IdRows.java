package io.pgqrs.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Maps what {@code RETURNING id} returns.
 *
 * @since 0.1
 */
public final class IdRows {

	private IdRows() {
	}

	public static Long id(ResultSet rs, int index) throws SQLException {
		return rs.getLong(1);
	}

}

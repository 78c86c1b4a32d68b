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

	/**
	 * Maps the first column; a {@code RowMapper}.
	 * @param rs on the row
	 * @param index is ignored
	 * @return the id
	 * @throws SQLException if a column cannot be read
	 */
	public static Long id(ResultSet rs, int index) throws SQLException {
		return rs.getLong(1);
	}

}

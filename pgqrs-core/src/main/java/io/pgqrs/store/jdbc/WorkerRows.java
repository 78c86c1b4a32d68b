package io.pgqrs.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.pgqrs.store.Reclaimed;

/**
 * Maps what is alike about workers on both databases.
 *
 * @since 0.1
 */
public final class WorkerRows {

	private WorkerRows() {
	}

	/**
	 * How long ago a worker was heard of.
	 * @param rs on the row, with {@code age_ms} in milliseconds
	 * @return zero or more
	 * @throws SQLException if the column cannot be read
	 */
	public static Duration age(ResultSet rs) throws SQLException {
		return Duration.ofMillis(Math.max(0, rs.getLong("age_ms")));
	}

	/**
	 * The silence after which a worker counts as dead.
	 * @param rs on the row, with {@code dead_after_ms}
	 * @return as it said itself; zero if it did not
	 * @throws SQLException if the column cannot be read
	 */
	public static Duration deadAfter(ResultSet rs) throws SQLException {
		return Duration.ofMillis(rs.getLong("dead_after_ms"));
	}

	/**
	 * Collects who died and what was freed; a {@code ResultSetExtractor}.
	 * @param rs before its first row; each has either a {@code worker} or a {@code queue}
	 * and its {@code messages}
	 * @return all rows together
	 * @throws SQLException if a column cannot be read
	 */
	public static Reclaimed reclaimed(ResultSet rs) throws SQLException {
		List<String> workers = new ArrayList<>();
		Map<String, Integer> messages = new LinkedHashMap<>();
		while (rs.next()) {
			if (rs.getString("worker") != null) {
				workers.add(rs.getString("worker"));
			}
			else {
				messages.put(rs.getString("queue"), rs.getInt("messages"));
			}
		}
		return workers.isEmpty() ? Reclaimed.NOTHING : new Reclaimed(workers, messages);
	}

}

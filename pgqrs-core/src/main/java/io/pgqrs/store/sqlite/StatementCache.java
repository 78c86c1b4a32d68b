package io.pgqrs.store.sqlite;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Statements that one physical connection has prepared and nobody uses now. The driver
 * has no such cache, and preparing a claim takes longer than executing it. They end with
 * their connection.
 */
final class StatementCache {

	/** More than a process executes often. */
	private static final int CAPACITY = 50;

	private final ReentrantLock lock = new ReentrantLock();

	/** By their text; what was used last is at the end. */
	private final Map<String, PreparedStatement> unused = new LinkedHashMap<>();

	/** Whoever takes a statement has it alone. */
	@Nullable PreparedStatement take(String sql) {
		this.lock.lock();
		try {
			return this.unused.remove(sql);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Keeps a statement.
	 * @param sql its text
	 * @param statement has no parameters and no open result
	 */
	void giveBack(String sql, PreparedStatement statement) throws SQLException {
		PreparedStatement tooMany = keep(sql, statement);
		if (tooMany != null) {
			tooMany.close();
		}
	}

	private @Nullable PreparedStatement keep(String sql, PreparedStatement statement) {
		this.lock.lock();
		try {
			PreparedStatement twin = this.unused.put(sql, statement);
			if (twin != null || this.unused.size() <= CAPACITY) {
				return twin;
			}
			Iterator<PreparedStatement> oldest = this.unused.values().iterator();
			PreparedStatement tooMany = oldest.next();
			oldest.remove();
			return tooMany;
		}
		finally {
			this.lock.unlock();
		}
	}

}

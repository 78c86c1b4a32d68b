package io.pgqrs.store.sqlite;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a statement may do to the write lock outside of a JDBC transaction, told from its
 * text. In doubt it may write: that costs a turn, never an error.
 */
enum StatementKind {

	/** Reads only. */
	READ,

	/** May write, and has given the write lock back when it is done. */
	WRITE,

	/**
	 * May begin or end a transaction by SQL text, as a script made by the {@code .dump}
	 * command of the SQLite shell does.
	 */
	CONTROL;

	private static final Pattern WRITING_WORD = Pattern.compile("\\b(?:insert|update|delete|replace\\s+into)\\b",
			Pattern.CASE_INSENSITIVE);

	static StatementKind of(String sql) {
		int start = afterSpaceAndComments(sql, 0);
		int end = start;
		while (end < sql.length() && Character.isLetter(sql.charAt(end))) {
			end++;
		}
		return switch (sql.substring(start, end).toUpperCase(Locale.ROOT)) {
			case "SELECT", "VALUES", "EXPLAIN", "PRAGMA" -> READ;
			case "WITH" -> WRITING_WORD.matcher(sql).find(end) ? WRITE : READ;
			case "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE" -> CONTROL;
			default -> mayBeScript(sql, end) ? CONTROL : WRITE;
		};
	}

	// A semicolon in a literal looks like a script too: asking SQLite costs a
	// microsecond.
	private static boolean mayBeScript(String sql, int from) {
		int semicolon = sql.indexOf(';', from);
		return semicolon >= 0 && afterSpaceAndComments(sql, semicolon + 1) < sql.length();
	}

	private static int afterSpaceAndComments(String sql, int from) {
		int index = from;
		while (index < sql.length()) {
			if (Character.isWhitespace(sql.charAt(index)) || sql.charAt(index) == ';'
					|| sql.charAt(index) == '\uFEFF') {
				index++;
			}
			else if (sql.startsWith("--", index)) {
				index = after(sql, "\n", index);
			}
			else if (sql.startsWith("/*", index)) {
				index = after(sql, "*/", index + 2);
			}
			else {
				return index;
			}
		}
		return index;
	}

	private static int after(String sql, String end, int from) {
		int found = sql.indexOf(end, from);
		return (found >= 0) ? found + end.length() : sql.length();
	}

}

package io.pgqrs.spring.boot.autoconfigure.documentation;

import org.jspecify.annotations.Nullable;

/**
 * A row of a table whose first column is headed "property".
 *
 * @param defaultValue null if the table has no column "default"
 */
record PropertyRow(String file, int line, String property, @Nullable String defaultValue) {

	Problem problem(String message) {
		return new Problem(this.file, this.line, message);
	}

}

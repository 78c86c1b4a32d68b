package io.pgqrs.spring.boot.autoconfigure;

import java.util.List;

import io.pgqrs.PgqrsException;

/**
 * There are several data sources, and nothing says which one holds the queues; or several
 * say it.
 *
 * @since 0.1
 */
public class AmbiguousDataSourceException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	AmbiguousDataSourceException(List<String> beanNames, int marked) {
		super("There are " + beanNames.size() + " data sources (" + String.join(", ", beanNames) + "), and "
				+ ((marked == 0) ? "none is the primary one or marked with @PgqrsDataSource"
						: marked + " are marked with @PgqrsDataSource")
				+ ": pgqrs cannot tell which one holds its queues. Mark that one with @PgqrsDataSource, and no other");
	}

}

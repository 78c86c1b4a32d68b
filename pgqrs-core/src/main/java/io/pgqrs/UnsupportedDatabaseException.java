package io.pgqrs;

/**
 * The data source leads to a database that pgqrs does not work on.
 *
 * @since 0.1
 */
public class UnsupportedDatabaseException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	/**
	 * Makes the exception.
	 * @param message names the database, and those that pgqrs works on
	 */
	public UnsupportedDatabaseException(String message) {
		super(message);
	}

}

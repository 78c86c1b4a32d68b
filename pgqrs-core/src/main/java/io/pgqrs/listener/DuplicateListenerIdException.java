package io.pgqrs.listener;

import io.pgqrs.PgqrsException;

/**
 * Two listeners have the same id.
 *
 * @since 0.1
 */
public class DuplicateListenerIdException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	private final String id;

	/**
	 * Makes the exception.
	 * @param id that is taken
	 */
	public DuplicateListenerIdException(String id) {
		super("There are two listeners with the id '" + id + "'. Give each @PgqrsListener an id of its own");
		this.id = id;
	}

	/**
	 * Id of the listeners.
	 * @return the id that is taken
	 */
	public String getId() {
		return this.id;
	}

}

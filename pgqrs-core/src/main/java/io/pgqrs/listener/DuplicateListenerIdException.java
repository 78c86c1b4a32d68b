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

	public DuplicateListenerIdException(String id) {
		super("There are two listeners with the id '" + id + "'. Give each @PgqrsListener an id of its own");
		this.id = id;
	}

	public String getId() {
		return this.id;
	}

}

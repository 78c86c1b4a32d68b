package io.pgqrs.spring.boot.autoconfigure.endpoint;

import io.pgqrs.PgqrsException;

/** There is no such thing at this path. */
final class ResourceNotFoundException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	ResourceNotFoundException(String message) {
		super(message);
	}

}

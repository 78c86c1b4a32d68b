package io.pgqrs.spring.boot.autoconfigure.endpoint;

import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;

class PostgresPgqrsEndpointTests extends PgqrsEndpointContract {

	@Override
	ApplicationDatabase newDatabase() {
		return ApplicationDatabase.postgres();
	}

	@Override
	String product() {
		return "PostgreSQL";
	}

}

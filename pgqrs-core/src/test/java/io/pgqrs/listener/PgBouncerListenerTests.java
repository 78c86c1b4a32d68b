package io.pgqrs.listener;

import io.pgqrs.test.RequiresPgBouncer;
import io.pgqrs.test.TestDatabase;
import org.junit.jupiter.api.Nested;

/** What is promised on PostgreSQL holds behind a PgBouncer that pools transactions. */
@RequiresPgBouncer
class PgBouncerListenerTests {

	@Nested
	class Containers extends ListenerContainerContract {

		@Override
		TestDatabase createDatabase() {
			return TestDatabase.pgBouncer();
		}

	}

}

package io.pgqrs;

import io.pgqrs.test.RequiresPgBouncer;
import io.pgqrs.test.TestDatabase;
import org.junit.jupiter.api.Nested;

/** What is promised on PostgreSQL holds behind a PgBouncer that pools transactions. */
@RequiresPgBouncer
class PgBouncerTemplateTests {

	@Nested
	class Template extends PgqrsTemplateContract {

		@Override
		TestDatabase createDatabase() {
			return TestDatabase.pgBouncer();
		}

	}

}

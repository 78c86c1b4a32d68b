package io.pgqrs.spring.boot.autoconfigure;

import io.pgqrs.SchemaMismatchException;
import io.pgqrs.store.SchemaStatus;
import io.pgqrs.store.SchemaStatus.State;
import io.pgqrs.store.SchemaStore;

import org.springframework.beans.factory.InitializingBean;

/**
 * Creates or checks the tables at startup, after the application's own migrations and
 * independent of them. Beans that use the database depend on it, as on every database
 * initializer.
 *
 * @since 0.1
 */
public class PgqrsSchemaInitializer implements InitializingBean {

	private final SchemaStore schema;

	private final PgqrsProperties.Schema.Mode mode;

	/**
	 * Makes an initializer.
	 * @param schema the tables
	 * @param mode what to do about them
	 */
	public PgqrsSchemaInitializer(SchemaStore schema, PgqrsProperties.Schema.Mode mode) {
		this.schema = schema;
		this.mode = mode;
	}

	@Override
	public void afterPropertiesSet() {
		switch (this.mode) {
			case MIGRATE -> migrate();
			case VALIDATE -> validate();
			case NONE -> {
			}
		}
	}

	private void migrate() {
		SchemaStatus status = this.schema.status();
		switch (status.state()) {
			case MISSING, OLDER -> this.schema.migrate();
			case NEWER, DIFFERENT -> throw new SchemaMismatchException(status);
			case CURRENT -> {
			}
		}
	}

	private void validate() {
		SchemaStatus status = this.schema.status();
		if (status.state() != State.CURRENT) {
			throw new SchemaMismatchException(status);
		}
	}

}

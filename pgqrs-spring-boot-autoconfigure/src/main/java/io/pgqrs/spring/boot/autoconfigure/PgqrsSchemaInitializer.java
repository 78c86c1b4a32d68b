package io.pgqrs.spring.boot.autoconfigure;

import io.pgqrs.PgqrsSchema;
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

	private final PgqrsSchema schema;

	private final PgqrsProperties.Schema.Mode mode;

	/**
	 * Makes an initializer.
	 * @param schema the tables
	 * @param mode what to do about them
	 */
	public PgqrsSchemaInitializer(SchemaStore schema, PgqrsProperties.Schema.Mode mode) {
		this.schema = new PgqrsSchema(schema);
		this.mode = mode;
	}

	@Override
	public void afterPropertiesSet() {
		switch (this.mode) {
			case MIGRATE -> this.schema.install();
			case VALIDATE -> this.schema.verify();
			case NONE -> {
			}
		}
	}

}

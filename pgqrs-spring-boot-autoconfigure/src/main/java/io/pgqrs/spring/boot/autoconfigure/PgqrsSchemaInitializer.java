package io.pgqrs.spring.boot.autoconfigure;

import io.pgqrs.PgqrsSchema;
import io.pgqrs.store.SchemaStore;
import org.jspecify.annotations.Nullable;

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

	private final @Nullable Startup startup;

	/**
	 * Makes an initializer.
	 * @param schema the tables
	 * @param mode what to do about them
	 */
	public PgqrsSchemaInitializer(SchemaStore schema, PgqrsProperties.Schema.Mode mode) {
		this(schema, mode, null);
	}

	PgqrsSchemaInitializer(SchemaStore schema, PgqrsProperties.Schema.Mode mode, @Nullable Startup startup) {
		this.schema = new PgqrsSchema(schema);
		this.mode = mode;
		this.startup = startup;
	}

	@Override
	public void afterPropertiesSet() {
		if (this.startup != null) {
			this.startup.run(this::initialize);
		}
		else {
			initialize();
		}
	}

	private void initialize() {
		switch (this.mode) {
			case MIGRATE -> this.schema.install();
			case VALIDATE -> this.schema.verify();
			case NONE -> {
			}
		}
	}

}

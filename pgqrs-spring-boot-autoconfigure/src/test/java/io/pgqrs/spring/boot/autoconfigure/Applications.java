package io.pgqrs.spring.boot.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;

/** The applications that tests start. */
public final class Applications {

	/** What the starter brings. */
	public static final AutoConfigurations STARTER = AutoConfigurations.of(DataSourceAutoConfiguration.class,
			DataSourceInitializationAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
			TransactionAutoConfiguration.class, JdbcTemplateAutoConfiguration.class, JdbcClientAutoConfiguration.class,
			JacksonAutoConfiguration.class, PgqrsStoreAutoConfiguration.class, PgqrsAutoConfiguration.class,
			PgqrsListenerAutoConfiguration.class, PgqrsWorkflowAutoConfiguration.class,
			PgqrsMaintenanceAutoConfiguration.class, PgqrsMonitoringAutoConfiguration.class);

	private Applications() {
	}

	public static ApplicationContextRunner withStarter() {
		return new ApplicationContextRunner().withConfiguration(STARTER);
	}

	public static ApplicationContextRunner on(ApplicationDatabase database) {
		return withStarter().withPropertyValues(database.property());
	}

	static ApplicationContextRunner withFlyway(ApplicationContextRunner application) {
		return application.withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class))
			.withPropertyValues("spring.flyway.locations=classpath:application/flyway");
	}

	static ApplicationContextRunner withLiquibase(ApplicationContextRunner application) {
		return application.withConfiguration(AutoConfigurations.of(LiquibaseAutoConfiguration.class))
			.withPropertyValues("spring.liquibase.change-log=classpath:application/liquibase/changelog.xml");
	}

}

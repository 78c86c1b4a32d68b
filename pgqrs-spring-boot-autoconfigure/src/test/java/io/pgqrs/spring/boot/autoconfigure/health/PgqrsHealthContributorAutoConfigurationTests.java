package io.pgqrs.spring.boot.autoconfigure.health;

import java.nio.file.Path;

import javax.sql.DataSource;

import io.pgqrs.PgqrsAdmin;
import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;
import io.pgqrs.spring.boot.autoconfigure.Applications;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

class PgqrsHealthContributorAutoConfigurationTests {

	@TempDir
	private Path directory;

	private ApplicationContextRunner application;

	@BeforeEach
	void createDatabase() {
		this.application = Applications.on(ApplicationDatabase.sqlite(this.directory))
			.withConfiguration(AutoConfigurations.of(PgqrsHealthContributorAutoConfiguration.class,
					HealthContributorAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class,
					HealthEndpointAutoConfiguration.class, ApplicationAvailabilityAutoConfiguration.class,
					AvailabilityProbesAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=health",
					"management.endpoint.health.show-components=always");
	}

	@Test
	void contributesHealth() {
		this.application.run((context) -> {
			context.getBean(PgqrsAdmin.class).createQueue("emails");
			Health health = context.getBean("pgqrsHealthIndicator", PgqrsHealthIndicator.class).health();
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsEntry("database", "SQLite").containsKeys("schema", "queues");
		});
	}

	@Test
	void sharesTheFateOfTheDatabase() {
		this.application.run((context) -> {
			JdbcClient.create(context.getBean(DataSource.class)).sql("DROP TABLE pgqrs_schema_history").update();
			Health health = context.getBean(PgqrsHealthIndicator.class).health();
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(String.valueOf(health.getDetails().get("problems"))).contains("The schema is MISSING");
		});
	}

	@Test
	void leavesASchemaAloneThatSomebodyElseInstalls() {
		ApplicationContextRunner unmanaged = this.application.withPropertyValues("pgqrs.schema.mode=none");
		this.application.run((context) -> JdbcClient.create(context.getBean(DataSource.class))
			.sql("DROP TABLE pgqrs_schema_history")
			.update());
		unmanaged.run((context) -> assertThat(context.getBean(PgqrsHealthIndicator.class).health().getStatus())
			.isEqualTo(Status.UP));
	}

	@Test
	void isNoReasonToRestartTheProcess() {
		this.application.withPropertyValues("management.endpoint.health.probes.enabled=true").run((context) -> {
			HealthEndpointGroups groups = context.getBean(HealthEndpointGroups.class);
			assertThat(groups.getPrimary().isMember("pgqrs")).isTrue();
			assertThat(groups.get("liveness").isMember("pgqrs")).isFalse();
			assertThat(groups.get("readiness").isMember("pgqrs")).isFalse();
			assertThat(context).hasSingleBean(HealthEndpoint.class);
		});
	}

	@Test
	void canBeSwitchedOff() {
		this.application.withPropertyValues("management.health.pgqrs.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PgqrsHealthIndicator.class));
		this.application.withPropertyValues("pgqrs.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PgqrsHealthIndicator.class));
	}

	@Test
	void backsOffForTheApplications() {
		this.application.withBean("pgqrsHealthIndicator", HealthIndicator.class, () -> () -> Health.up().build())
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PgqrsHealthIndicator.class));
	}

}

package io.pgqrs.spring.boot.autoconfigure.diagnostics;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import io.pgqrs.SchemaMismatchException;
import io.pgqrs.annotation.PgqrsListener;
import io.pgqrs.annotation.PgqrsWorkflow;
import io.pgqrs.spring.boot.autoconfigure.PgqrsAutoConfiguration;
import io.pgqrs.spring.boot.autoconfigure.PgqrsListenerAutoConfiguration;
import io.pgqrs.spring.boot.autoconfigure.PgqrsStoreAutoConfiguration;
import io.pgqrs.spring.boot.autoconfigure.PgqrsWorkflowAutoConfiguration;
import io.pgqrs.store.SchemaStatus;
import io.pgqrs.store.SchemaStatus.State;
import io.pgqrs.test.TestPostgres;
import io.pgqrs.workflow.WorkflowOperations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/** What somebody reads whose application does not start. */
@ExtendWith(OutputCaptureExtension.class)
class FailureAnalyzerTests {

	@TempDir
	private Path directory;

	@Test
	void anUnsupportedDatabaseIsNamedWithThoseThatAreSupported(CapturedOutput output) {
		start(Application.class, "spring.datasource.url=jdbc:h2:mem:test");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("pgqrs does not work on H2. It works on PostgreSQL and SQLite")
			.contains(
					"Point spring.datasource.url at PostgreSQL (jdbc:postgresql://...) or SQLite (jdbc:sqlite:app.db)")
			.contains("set pgqrs.enabled=false.");
	}

	@Test
	void missingTablesAreNamedWithTheWayToGetThem(CapturedOutput output) {
		start(Application.class, sqlite(), "pgqrs.schema.mode=validate");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The tables of pgqrs are missing in the database")
			.contains("Set pgqrs.schema.mode=migrate to have them created at startup");
	}

	@Test
	void olderTablesAreNamedWithTheWayToUpdateThem() {
		FailureAnalysis analysis = analyze(State.OLDER, "installed is version 1, this library needs 2");
		assertThat(analysis.getDescription()).isEqualTo(
				"The tables of pgqrs are older than this library (installed is version 1, this library needs 2).");
		assertThat(analysis.getAction()).startsWith("Set pgqrs.schema.mode=migrate to have them brought up to date");
	}

	@Test
	void newerTablesAreNamedWithTheVersionThatIsNeeded() {
		FailureAnalysis analysis = analyze(State.NEWER, "installed is version 2, this library knows 1");
		assertThat(analysis.getDescription()).isEqualTo(
				"The tables of pgqrs are newer than this library (installed is version 2, this library knows 1).");
		assertThat(analysis.getAction()).startsWith("Use the version of pgqrs that installed them, or a later one.");
	}

	@Test
	void tablesWhoseHistoryDiffersAreNamedWithWhatToRestore() {
		FailureAnalysis analysis = analyze(State.DIFFERENT, "1: checksum mismatch");
		assertThat(analysis.getDescription())
			.isEqualTo("The tables of pgqrs are not the ones that this library ships (1: checksum mismatch).");
		assertThat(analysis.getAction()).contains("restore it");
	}

	@Test
	void anUnknownQueueIsNamed(CapturedOutput output) {
		start(Listeners.class, sqlite(), "pgqrs.queue-not-found-strategy=fail");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Queue 'emails' does not exist, and pgqrs.queue-not-found-strategy=fail forbids creating it.")
			.contains("declare the queue under pgqrs.queues.emails");
	}

	@Test
	void aDuplicateListenerIdIsNamed(CapturedOutput output) {
		start(SameIds.class, sqlite());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("There are two listeners with the id 'mailer'.")
			.contains("Give each @PgqrsListener an 'id' of its own");
	}

	@Test
	void aWorkflowThatIsThereTwiceIsNamedWithBoth(CapturedOutput output) {
		start(SameWorkflows.class, sqlite());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Workflow 'billing' is implemented twice: by ")
			.contains("SameWorkflows.bill(String)")
			.contains("SameWorkflows.billAgain(String)")
			.contains("Give each @PgqrsWorkflow a 'name' of its own");
	}

	@Test
	void aWorkflowThatIsStartedTooEarlyIsNamed(CapturedOutput output) {
		start(StartsEarly.class, sqlite(), "pgqrs.queue-not-found-strategy=fail");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Workflow 'billing' is not known: no process has implemented it yet")
			.contains("see that a bean with @PgqrsWorkflow(\"billing\") exists")
			.contains("start runs after that, as in an ApplicationRunner");
	}

	@Test
	void aWorkflowThatIsNotImplementedIsNamed(CapturedOutput output) {
		start(RunsUnknown.class, sqlite());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("This process does not implement workflow 'billing'")
			.contains("Correct the name where it is used");
	}

	@Test
	void dataSourcesThatComeIntoQuestionAreNamed(CapturedOutput output) {
		start(TwoDataSources.class);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains(
					"There are 2 data sources (one, two), and none is the primary one or marked with @PgqrsDataSource")
			.contains("Mark the one that holds the queues with @PgqrsDataSource");
	}

	@Test
	void aBadSchemaNameIsNamedWithWhatIsAllowed(CapturedOutput output) {
		start(Application.class, "spring.datasource.url=" + TestPostgres.instance().url(), "pgqrs.schema.name=Pgqrs-1");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Invalid value 'Pgqrs-1' for configuration property 'pgqrs.schema.name'")
			.contains("takes 1 to 63 lower-case letters, digits and underscores");
	}

	@Test
	void aBadSettingOfAQueueIsNamedWithItsProperty(CapturedOutput output) {
		start(Application.class, sqlite(), "pgqrs.queues[Order.created].max-attempts=0");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Invalid value '0' for configuration property 'pgqrs.queues[Order.created].max-attempts'")
			.contains("'maxAttempts' must be at least 1, but is 0");
	}

	private static FailureAnalysis analyze(State state, String detail) {
		SchemaMismatchException cause = new SchemaMismatchException(new SchemaStatus(state, "1", detail));
		return new SchemaMismatchFailureAnalyzer().analyze(new IllegalStateException(cause), cause);
	}

	private String sqlite() {
		return "spring.datasource.url=jdbc:sqlite:" + this.directory.resolve("test.db");
	}

	private static void start(Class<?> application, String... properties) {
		List<String> arguments = new ArrayList<>();
		Arrays.stream(properties).forEach((property) -> arguments.add("--" + property));
		assertThatException().isThrownBy(() -> new SpringApplicationBuilder(application).web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new)));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, PgqrsStoreAutoConfiguration.class,
			PgqrsAutoConfiguration.class, PgqrsListenerAutoConfiguration.class, PgqrsWorkflowAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Listeners extends Application {

		@PgqrsListener("emails")
		void send(String email) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SameIds extends Application {

		@PgqrsListener(queues = "emails", id = "mailer")
		void send(String email) {
		}

		@PgqrsListener(queues = "letters", id = "mailer")
		void post(String letter) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SameWorkflows extends Application {

		@PgqrsWorkflow("billing")
		void bill(String customer) {
		}

		@PgqrsWorkflow("billing")
		void billAgain(String customer) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class StartsEarly extends Application {

		StartsEarly(WorkflowOperations workflows) {
			workflows.start("billing", "Ada");
		}

		@PgqrsWorkflow("billing")
		void bill(String customer) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RunsUnknown extends Application {

		@Bean
		ApplicationRunner bill(WorkflowOperations workflows) {
			return (arguments) -> workflows.run("billing", "Ada", Void.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoDataSources extends Application {

		@Bean
		HikariDataSource one() {
			return pool();
		}

		@Bean
		HikariDataSource two() {
			return pool();
		}

		private static HikariDataSource pool() {
			HikariDataSource pool = new HikariDataSource();
			pool.setJdbcUrl("jdbc:postgresql://localhost/nowhere");
			return pool;
		}

	}

}

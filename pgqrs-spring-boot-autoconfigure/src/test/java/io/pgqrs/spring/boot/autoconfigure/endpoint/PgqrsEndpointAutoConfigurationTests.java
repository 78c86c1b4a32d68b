package io.pgqrs.spring.boot.autoconfigure.endpoint;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

import io.pgqrs.QueueMetrics;
import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;
import io.pgqrs.spring.boot.autoconfigure.Applications;
import io.pgqrs.spring.boot.autoconfigure.PgqrsAutoConfiguration;
import io.pgqrs.spring.boot.autoconfigure.PgqrsMonitoringAutoConfiguration;
import io.pgqrs.spring.boot.autoconfigure.PgqrsSampler;
import io.pgqrs.spring.boot.autoconfigure.PgqrsStoreAutoConfiguration;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.ListenersDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.WorkflowsDescriptor;
import io.pgqrs.workflow.WorkflowOperations;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jmx.JmxEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.jmx.JmxEndpointsSupplier;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jmx.JmxAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

class PgqrsEndpointAutoConfigurationTests {

	private static final EndpointId PGQRS = EndpointId.of("pgqrs");

	@TempDir
	private Path directory;

	private ApplicationContextRunner application;

	private WebApplicationContextRunner webApplication;

	@BeforeEach
	void createDatabase() {
		ApplicationDatabase database = ApplicationDatabase.sqlite(this.directory);
		AutoConfigurations endpoints = AutoConfigurations.of(PgqrsEndpointAutoConfiguration.class,
				EndpointAutoConfiguration.class, JmxAutoConfiguration.class, JmxEndpointAutoConfiguration.class,
				WebEndpointAutoConfiguration.class);
		this.application = Applications.on(database)
			.withConfiguration(endpoints)
			.withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=pgqrs");
		this.webApplication = new WebApplicationContextRunner().withConfiguration(Applications.STARTER)
			.withConfiguration(endpoints)
			.withPropertyValues("spring.datasource.url=" + database.url(),
					"management.endpoints.web.exposure.include=pgqrs");
	}

	@Test
	void isOnTheWebIfExposedThere() {
		this.webApplication.run((context) -> {
			assertThat(context).hasSingleBean(PgqrsEndpoint.class)
				.hasSingleBean(PgqrsEndpointWebExtension.class)
				.doesNotHaveBean(PgqrsEndpointJmxExtension.class);
			assertThat(webOperations(context)).containsOnly(OperationType.READ, OperationType.WRITE);
		});
	}

	@Test
	void isOnJmxIfExposedThere() {
		this.application.run((context) -> {
			assertThat(context).hasSingleBean(PgqrsEndpoint.class)
				.hasSingleBean(PgqrsEndpointJmxExtension.class)
				.doesNotHaveBean(PgqrsEndpointWebExtension.class);
			assertThat(jmxOperations(context)).containsOnly(OperationType.READ, OperationType.WRITE);
		});
	}

	@Test
	void isNotThereIfNotExposed() {
		this.webApplication.withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(PgqrsEndpoint.class)
				.doesNotHaveBean(PgqrsEndpointProperties.class));
	}

	@Test
	void isNotThereWithoutAccess() {
		this.webApplication.withPropertyValues("management.endpoint.pgqrs.access=NONE")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PgqrsEndpoint.class));
		this.webApplication.withPropertyValues("management.endpoints.access.max-permitted=NONE")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PgqrsEndpoint.class));
	}

	@Test
	void onlyReadsIfItMayNotWrite() {
		for (String property : List.of("management.endpoint.pgqrs.access=READ_ONLY",
				"management.endpoints.access.max-permitted=READ_ONLY")) {
			this.webApplication.withPropertyValues(property)
				.run((context) -> assertThat(webOperations(context)).containsOnly(OperationType.READ));
			this.application.withPropertyValues(property)
				.run((context) -> assertThat(jmxOperations(context)).containsOnly(OperationType.READ));
		}
	}

	@Test
	void backsOffForTheApplications() {
		PgqrsEndpoint own = mock();
		this.webApplication.withBean(PgqrsEndpoint.class, () -> own)
			.run((context) -> assertThat(context.getBean(PgqrsEndpoint.class)).isSameAs(own));
	}

	@Test
	void isNotThereWithoutPgqrs() {
		this.webApplication.withPropertyValues("pgqrs.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(PgqrsEndpoint.class)
				.doesNotHaveBean(PgqrsEndpointWebExtension.class));
	}

	@Test
	void worksWithSeveralWorkflowOperations() {
		this.webApplication.withBean("one", WorkflowOperations.class, () -> mock())
			.withBean("another", WorkflowOperations.class, () -> mock())
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(PgqrsSampler.class)
				.hasSingleBean(PgqrsEndpoint.class));
	}

	@Test
	void worksWithoutListenersAndWorkflows() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					PgqrsStoreAutoConfiguration.class, PgqrsAutoConfiguration.class,
					PgqrsMonitoringAutoConfiguration.class, PgqrsEndpointAutoConfiguration.class))
			.withPropertyValues("spring.datasource.url=" + ApplicationDatabase.sqlite(this.directory).url(),
					"management.endpoints.web.exposure.include=pgqrs")
			.run((context) -> {
				PgqrsEndpointWebExtension web = context.getBean(PgqrsEndpointWebExtension.class);
				assertThat(web.list("listeners").getBody()).isEqualTo(new ListenersDescriptor(List.of()));
				assertThat(web.list("workflows").getBody()).isEqualTo(new WorkflowsDescriptor(List.of()));
				assertThat(web.one(SecurityContext.NONE, "runs", "1", null, null, null).getStatus())
					.isEqualTo(WebEndpointResponse.STATUS_NOT_FOUND);
				assertThat(context.getBean(PgqrsEndpoint.class).overview().workflows()).isEmpty();
			});
	}

	@Test
	void whatItAnswersCanBeWrittenInANativeImage() {
		RuntimeHints hints = new RuntimeHints();
		new PgqrsEndpointWebExtension.PgqrsEndpointRuntimeHints().registerHints(hints, getClass().getClassLoader());
		assertThat(List.of(PgqrsDescriptors.OverviewDescriptor.class, PgqrsDescriptors.StepDescriptor.class,
				PgqrsDescriptors.ErrorDescriptor.class, QueueMetrics.class, ContainerOptions.class))
			.allSatisfy((type) -> assertThat(RuntimeHintsPredicates.reflection().onType(type)).accepts(hints));
	}

	private static Collection<OperationType> webOperations(ApplicationContext context) {
		return context.getBean(WebEndpointsSupplier.class)
			.getEndpoints()
			.stream()
			.filter((endpoint) -> endpoint.getEndpointId().equals(PGQRS))
			.flatMap((endpoint) -> endpoint.getOperations().stream())
			.map((operation) -> operation.getType())
			.toList();
	}

	private static Collection<OperationType> jmxOperations(ApplicationContext context) {
		return context.getBean(JmxEndpointsSupplier.class)
			.getEndpoints()
			.stream()
			.filter((endpoint) -> endpoint.getEndpointId().equals(PGQRS))
			.flatMap((endpoint) -> endpoint.getOperations().stream())
			.map((operation) -> operation.getType())
			.toList();
	}

}

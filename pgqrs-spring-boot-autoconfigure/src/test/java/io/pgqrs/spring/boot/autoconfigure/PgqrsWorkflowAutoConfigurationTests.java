package io.pgqrs.spring.boot.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import io.pgqrs.PayloadTooLargeException;
import io.pgqrs.PgqrsAdmin;
import io.pgqrs.QueueCatalog;
import io.pgqrs.WakeUps;
import io.pgqrs.annotation.PgqrsStep;
import io.pgqrs.annotation.PgqrsWorkflow;
import io.pgqrs.listener.AckMode;
import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.listener.DefaultPgqrsListenerContainerFactory;
import io.pgqrs.listener.PgqrsListenerContainer;
import io.pgqrs.listener.PgqrsListenerContainerFactory;
import io.pgqrs.listener.PgqrsListenerEndpointRegistry;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.support.PayloadJson;
import io.pgqrs.workflow.WorkflowContainers;
import io.pgqrs.workflow.WorkflowDefinition;
import io.pgqrs.workflow.WorkflowEngine;
import io.pgqrs.workflow.WorkflowNotFoundException;
import io.pgqrs.workflow.WorkflowOperations;
import io.pgqrs.workflow.WorkflowOptions;
import io.pgqrs.workflow.WorkflowTemplate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

@ExtendWith(OutputCaptureExtension.class)
class PgqrsWorkflowAutoConfigurationTests {

	@TempDir
	private Path directory;

	private ApplicationContextRunner application;

	@BeforeEach
	void createDatabase() {
		this.application = Applications.on(ApplicationDatabase.sqlite(this.directory));
	}

	@Test
	void configuresWhatWorkflowsNeed() {
		this.application.run((context) -> assertThat(context).hasSingleBean(WorkflowTemplate.class)
			.hasSingleBean(WorkflowEngine.class)
			.hasSingleBean(WorkflowContainers.class)
			.hasBean("pgqrsWorkflowContainerFactory"));
	}

	@Test
	void backsOffWithoutADataSource() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PgqrsStoreAutoConfiguration.class, PgqrsAutoConfiguration.class,
					PgqrsListenerAutoConfiguration.class, PgqrsWorkflowAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(WorkflowEngine.class)
				.doesNotHaveBean(WorkflowOperations.class));
	}

	@Test
	void backsOffWithoutListeners() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PgqrsStoreAutoConfiguration.class, PgqrsAutoConfiguration.class,
					PgqrsWorkflowAutoConfiguration.class))
			.withBean(DataSource.class, () -> ApplicationDatabase.sqlite(this.directory).dataSource())
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(PgqrsStore.class)
				.doesNotHaveBean(WorkflowEngine.class));
	}

	@Test
	void containersHaveTheDefaults() {
		this.application
			.run((context) -> assertThat(register(context, "imports").getOptions()).isEqualTo(options().build()));
	}

	@Test
	void containersHaveTheConfiguredOptions() {
		this.application.withPropertyValues("pgqrs.workflow.auto-startup=false", "pgqrs.workflow.concurrency=3",
				"pgqrs.workflow.batch-size=50", "pgqrs.workflow.poll-interval=250ms",
				"pgqrs.workflow.visibility-timeout=2m", "pgqrs.workflow.shutdown-timeout=5s", "pgqrs.listener.phase=17")
			.run((context) -> {
				PgqrsListenerContainer container = register(context, "imports");
				assertThat(container.getOptions()).isEqualTo(options().autoStartup(false)
					.concurrency(3)
					.batchSize(50)
					.pollInterval(Duration.ofMillis(250))
					.visibilityTimeout(Duration.ofMinutes(2))
					.shutdownTimeout(Duration.ofSeconds(5))
					.build());
				assertThat(container.getPhase()).isEqualTo(17);
				assertThat(container.isRunning()).isFalse();
			});
	}

	@Test
	void whatListenersAreToldIsNotToldToWorkflows() {
		this.application
			.withPropertyValues("pgqrs.listener.concurrency=3", "pgqrs.listener.batch-size=50",
					"pgqrs.listener.ack-mode=transactional", "pgqrs.listener.auto-startup=false",
					"pgqrs.listener.poll-interval=5s", "pgqrs.listener.visibility-timeout=1m",
					"pgqrs.listener.max-attempts=2", "pgqrs.listener.shutdown-timeout=1s")
			.withBean(PgqrsListenerContainerFactoryCustomizer.class,
					() -> (factory) -> factory
						.addOptionsCustomizer((options) -> options.batch(true).ackMode(AckMode.MANUAL)))
			.run((context) -> assertThat(register(context, "imports").getOptions()).isEqualTo(options().build()));
	}

	@Test
	void anOverrideCountsMoreThanTheWorkflowsOwnOptions() {
		this.application
			.withPropertyValues("pgqrs.workflow.concurrency=2", "pgqrs.workflow.overrides.imports.concurrency=7",
					"pgqrs.workflow.overrides[data_pipeline].visibility-timeout=3m",
					"pgqrs.workflow.overrides[data_pipeline].auto-startup=true")
			.run((context) -> {
				WorkflowOptions own = new WorkflowOptions(5, Duration.ofMinutes(1), false, null, null);
				assertThat(register(context, "imports", own).getOptions()).isEqualTo(
						options().concurrency(7).visibilityTimeout(Duration.ofMinutes(1)).autoStartup(false).build());
				assertThat(register(context, "data_pipeline", own).getOptions()).isEqualTo(
						options().concurrency(5).visibilityTimeout(Duration.ofMinutes(3)).autoStartup(true).build());
				assertThat(register(context, "others").getOptions()).isEqualTo(options().concurrency(2).build());
			});
	}

	private static ContainerOptions.Builder options() {
		return ContainerOptions.builder()
			.concurrency(4)
			.visibilityTimeout(Duration.ofSeconds(30))
			.maxAttempts(Integer.MAX_VALUE);
	}

	@Test
	void anOverrideOfAWorkflowThatIsNotThereIsWarnedOfOnce(CapturedOutput output) {
		this.application.withBean(Pipeline.class)
			.withPropertyValues("pgqrs.workflow.overrides.imports.concurrency=2",
					"pgqrs.workflow.overrides[Data.pipeline].concurrency=2")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				child(context).close();
				assertThat(output.getOut().lines().filter((line) -> line.contains("is of no use"))).hasSize(2)
					.allMatch((line) -> line.contains("Implemented are [data_pipeline]."))
					.anyMatch((line) -> line.contains("workflow 'imports', so pgqrs.workflow.overrides.imports is"))
					.anyMatch((line) -> line
						.contains("workflow 'Data.pipeline', so pgqrs.workflow.overrides[Data.pipeline] is"));
			});
	}

	@Test
	void anOverrideOfAWorkflowThatIsThereIsNotWarnedOf(CapturedOutput output) {
		this.application.withBean(Pipeline.class)
			.withPropertyValues("pgqrs.workflow.overrides[data_pipeline].concurrency=2")
			.run((context) -> {
				assertThat(container(context, "data_pipeline").getOptions().concurrency()).isEqualTo(2);
				assertThat(output).doesNotContain("is of no use");
			});
	}

	private static AnnotationConfigApplicationContext child(ApplicationContext parent) {
		AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext();
		child.setParent(parent);
		child.refresh();
		return child;
	}

	@Test
	void workflowsStartWithLazyInitialization() {
		this.application.withBean(Pipeline.class)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(container(context, "data_pipeline").isRunning()).isTrue());
	}

	@Test
	void aStepNeedNotBeInTheInterfaceOfItsBean() {
		this.application.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class))
			.withBean(Till.class)
			.run((context) -> assertThat(context.getBean(Till.class).open()).isEqualTo("open"));
	}

	@Test
	void theEngineHasTheConfiguredLimits() {
		this.application
			.withPropertyValues("pgqrs.workflow.max-deliveries=3", "pgqrs.workflow.visibility-timeout=2m",
					"pgqrs.max-payload-size=10B")
			.run((context) -> {
				register(context, "imports");
				WorkflowEngine engine = context.getBean(WorkflowEngine.class);
				assertThat(engine).hasFieldOrPropertyWithValue("maxDeliveries", 3)
					.extracting("inlineLeases.visibilityTimeout")
					.isEqualTo(Duration.ofMinutes(2));
				WorkflowOperations workflows = context.getBean(WorkflowOperations.class);
				assertThatExceptionOfType(PayloadTooLargeException.class)
					.isThrownBy(() -> workflows.start("imports", "far too long"));
			});
	}

	@Test
	void theEngineHasTheDefaultLimits() {
		this.application.run((context) -> assertThat(context.getBean(WorkflowEngine.class)).usingRecursiveComparison()
			.comparingOnlyFields("maxDeliveries", "inlineLeases.visibilityTimeout", "payloads.maxSize")
			.isEqualTo(new WorkflowEngine(context.getBean(PgqrsStore.class), context.getBean(WakeUps.class),
					context.getBean(PayloadJson.class))));
	}

	@Test
	void theEngineIsClosedWithTheContext() {
		AtomicReference<WorkflowEngine> engine = new AtomicReference<>();
		this.application.run((context) -> {
			engine.set(context.getBean(WorkflowEngine.class));
			assertThat(schedulers(engine.get())).noneMatch(ScheduledExecutorService::isShutdown);
		});
		assertThat(schedulers(engine.get())).allMatch(ScheduledExecutorService::isShutdown);
	}

	private static List<ScheduledExecutorService> schedulers(WorkflowEngine engine) {
		return List.of((ScheduledExecutorService) ReflectionTestUtils.getField(engine, "clock"),
				(ScheduledExecutorService) ReflectionTestUtils.getField(engine, "poller"));
	}

	@Test
	void anApplicationsBeansReplaceOurs() {
		this.application.withUserConfiguration(OwnBeans.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).hasSingleBean(WorkflowOperations.class)
				.hasSingleBean(WorkflowEngine.class)
				.hasSingleBean(WorkflowContainers.class)
				.doesNotHaveBean(WorkflowTemplate.class)
				.doesNotHaveBean("pgqrsWorkflowTemplate")
				.doesNotHaveBean("pgqrsWorkflowEngine")
				.doesNotHaveBean("pgqrsWorkflowContainers");
			register(context, "imports");
			assertThat(context.getBean("ownEngine", WorkflowEngine.class).registry().names())
				.containsExactly("imports");
		});
	}

	@Test
	void anApplicationsContainerFactoryForWorkflowsReplacesOurs() {
		this.application.withUserConfiguration(OwnContainerFactory.class)
			.withPropertyValues("pgqrs.workflow.concurrency=3")
			.run((context) -> assertThat(register(context, "imports").getOptions().concurrency()).isEqualTo(9));
	}

	@Test
	void whoAsksForAContainerFactoryGetsThatOfTheListeners() {
		this.application.withBean(NeedsFactory.class).run((context) -> {
			Object factory = context.getBean("pgqrsListenerContainerFactory");
			assertThat(context.getBean(NeedsFactory.class).factory).isSameAs(factory);
			assertThat(context.getBean(PgqrsListenerContainerFactory.class)).isSameAs(factory);
			assertThat(context.getBean(DefaultPgqrsListenerContainerFactory.class)).isSameAs(factory);
		});
	}

	@Test
	void whoAsksForAContainerFactoryGetsThatOfTheApplication() {
		PgqrsListenerContainerFactory factory = mock();
		this.application.withBean("pgqrsListenerContainerFactory", PgqrsListenerContainerFactory.class, () -> factory)
			.withBean(NeedsFactory.class)
			.run((context) -> {
				assertThat(context.getBean(NeedsFactory.class).factory).isSameAs(factory);
				assertThat(context.getBean(PgqrsListenerContainerFactory.class)).isSameAs(factory);
			});
	}

	@Test
	void stepsUseTheApplicationsTransactionManager() {
		this.application.run((context) -> assertThat(transactionManager(context))
			.isSameAs(context.getBean(JdbcTransactionManager.class)));
	}

	@Test
	void stepsHaveATransactionManagerEvenIfTheApplicationsIsOfSomethingElse() {
		this.application
			.withBean(PlatformTransactionManager.class, () -> new DataSourceTransactionManager(mock(DataSource.class)))
			.run((context) -> assertThat(transactionManager(context)).isInstanceOf(DataSourceTransactionManager.class)
				.isNotSameAs(context.getBean(PlatformTransactionManager.class))
				.extracting("dataSource")
				.isSameAs(context.getBean(DataSource.class)));
	}

	/** Of the first transaction, for it is looked for only then. */
	private static Object transactionManager(ApplicationContext context) {
		Object late = ReflectionTestUtils.getField(
				ReflectionTestUtils.getField(context.getBean(WorkflowEngine.class), "transaction"),
				"transactionManager");
		assertThat(late).isInstanceOf(LateTransactionManager.class);
		PlatformTransactionManager manager = (PlatformTransactionManager) late;
		manager.rollback(manager.getTransaction(null));
		return ReflectionTestUtils.invokeMethod(ReflectionTestUtils.getField(late, "delegate"), "get");
	}

	@Test
	void theThreadsArePlatformThreadsNamedAfterPgqrs() {
		this.application.run((context) -> {
			assertThat(executor(context)).extracting("virtualThreadDelegate").isNull();
			BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
			context.getBean(WorkflowContainers.class)
				.register(WorkflowDefinition.of("imports", Void.class,
						(workflow, nothing) -> threads.add(Thread.currentThread())), WorkflowOptions.INHERITED);
			context.getBean(WorkflowOperations.class).start("imports").send();
			assertThat(threads.poll(10, TimeUnit.SECONDS).getName()).startsWith("pgqrs-");
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void theThreadsAreVirtualWhereTheApplicationsAre() {
		this.application.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> assertThat(executor(context)).extracting("virtualThreadDelegate").isNotNull());
	}

	private static Object executor(ApplicationContext context) {
		Object executor = ReflectionTestUtils.getField(context.getBean("pgqrsWorkflowContainerFactory"),
				"taskExecutor");
		assertThat(executor).isInstanceOf(SimpleAsyncTaskExecutor.class);
		return executor;
	}

	@Test
	void theQueueOfAWorkflowIsCreatedWhateverTheStrategy() {
		this.application.withBean(Pipeline.class)
			.withPropertyValues("pgqrs.queue-not-found-strategy=fail")
			.run((context) -> {
				WorkflowOperations workflows = context.getBean(WorkflowOperations.class);
				assertThat(workflows.run("data_pipeline", "a", String.class)).isEqualTo("Processed a");
				assertThat(context.getBean(PgqrsAdmin.class).queue("workflow:data_pipeline")).isNotNull();
				assertThatExceptionOfType(WorkflowNotFoundException.class)
					.isThrownBy(() -> workflows.start("data_pipelnie", "a"))
					.withMessageContaining("'data_pipelnie'");
			});
	}

	private static PgqrsListenerContainer register(ApplicationContext context, String workflow) {
		return register(context, workflow, WorkflowOptions.INHERITED);
	}

	private static PgqrsListenerContainer register(ApplicationContext context, String workflow,
			WorkflowOptions options) {
		PgqrsListenerContainer container = context.getBean(WorkflowContainers.class)
			.register(WorkflowDefinition.of(workflow, String.class, (run, input) -> input), options);
		assertThat(container).isSameAs(container(context, workflow));
		return container;
	}

	private static PgqrsListenerContainer container(ApplicationContext context, String workflow) {
		return context.getBean(PgqrsListenerEndpointRegistry.class).getListenerContainer("workflow:" + workflow);
	}

	static class Pipeline {

		@PgqrsWorkflow("data_pipeline")
		String run(String url) {
			return "Processed " + url;
		}

	}

	static class Till implements Comparable<Till> {

		@PgqrsStep
		String open() {
			return "open";
		}

		@Override
		public int compareTo(Till other) {
			return 0;
		}

	}

	static class NeedsFactory {

		private final PgqrsListenerContainerFactory factory;

		NeedsFactory(PgqrsListenerContainerFactory factory) {
			this.factory = factory;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnContainerFactory {

		@Bean
		DefaultPgqrsListenerContainerFactory pgqrsWorkflowContainerFactory(
				PgqrsListenerContainerFactoryConfigurer configurer) {
			DefaultPgqrsListenerContainerFactory factory = configurer.createFactory();
			factory.addOptionsCustomizer((options) -> options.concurrency(9));
			return factory;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnBeans {

		@Bean
		WorkflowEngine ownEngine(PgqrsStore store, WakeUps wakeUps, PayloadJson json) {
			return new WorkflowEngine(store, wakeUps, json);
		}

		@Bean
		WorkflowOperations ownWorkflows() {
			return mock();
		}

		@Bean
		WorkflowContainers ownContainers(WorkflowEngine engine, QueueCatalog catalog,
				PgqrsListenerEndpointRegistry endpoints, PgqrsListenerContainerFactory factory) {
			return new WorkflowContainers(engine, catalog, endpoints, factory, Map.of());
		}

	}

}

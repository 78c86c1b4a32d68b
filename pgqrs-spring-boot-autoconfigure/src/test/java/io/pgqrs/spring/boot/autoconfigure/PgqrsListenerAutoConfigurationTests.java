package io.pgqrs.spring.boot.autoconfigure;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.pgqrs.FailurePolicy;
import io.pgqrs.PgqrsAdmin;
import io.pgqrs.PgqrsOperations;
import io.pgqrs.QueueNotFoundException;
import io.pgqrs.WorkerInfo;
import io.pgqrs.annotation.EnablePgqrs;
import io.pgqrs.annotation.PgqrsListener;
import io.pgqrs.listener.AckMode;
import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.listener.DefaultPgqrsListenerContainerFactory;
import io.pgqrs.listener.DuplicateListenerIdException;
import io.pgqrs.listener.PgqrsListenerContainer;
import io.pgqrs.listener.PgqrsListenerContainerFactory;
import io.pgqrs.listener.PgqrsListenerEndpointRegistry;
import io.pgqrs.listener.PgqrsWorker;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.system.ApplicationPid;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

class PgqrsListenerAutoConfigurationTests {

	@TempDir
	private Path directory;

	private ApplicationContextRunner application;

	@BeforeEach
	void createDatabase() {
		this.application = Applications.on(ApplicationDatabase.sqlite(this.directory));
	}

	@Test
	void anAnnotatedMethodReceivesWhatIsEnqueued() {
		this.application.withUserConfiguration(Emails.class).run((context) -> {
			context.getBean(PgqrsOperations.class).enqueue("emails", "hello");
			assertThat(context.getBean(Emails.class).received.poll(10, TimeUnit.SECONDS)).isEqualTo("hello");
			Awaitility.await()
				.until(() -> context.getBean(PgqrsAdmin.class).metrics("emails").archived(), Long.valueOf(1)::equals);
		});
	}

	@Test
	void anApplicationMayEnableTheAnnotationsItself() {
		this.application.withUserConfiguration(EnabledByApplication.class, Emails.class).run((context) -> {
			assertThat(context).hasSingleBean(PgqrsListenerEndpointRegistry.class);
			context.getBean(PgqrsOperations.class).enqueue("emails", "hello");
			assertThat(context.getBean(Emails.class).received.poll(10, TimeUnit.SECONDS)).isEqualTo("hello");
		});
	}

	@Test
	void listenersStartWithLazyInitialization() {
		this.application.withUserConfiguration(Emails.class)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				assertThat(container(context).isRunning()).isTrue();
				context.getBean(PgqrsOperations.class).enqueue("emails", "hello");
				assertThat(context.getBean(Emails.class).received.poll(10, TimeUnit.SECONDS)).isEqualTo("hello");
			});
	}

	@Test
	void listenersByMetaAnnotationAreFoundWithLazyInitializationToo() {
		BeanDefinition definition = new RootBeanDefinition();
		PgqrsLazyInitializationExcludeFilter filter = new PgqrsLazyInitializationExcludeFilter();
		assertThat(filter.isExcluded("bean", definition, Emails.class)).isTrue();
		assertThat(filter.isExcluded("bean", definition, MetaAnnotated.class)).isTrue();
		assertThat(filter.isExcluded("bean", definition, Repeated.class)).isTrue();
		assertThat(filter.isExcluded("bean", definition, Implementation.class)).isTrue();
		assertThat(filter.isExcluded("bean", definition, PgqrsAdmin.class)).isFalse();
	}

	@Test
	void containersHaveTheDefaults() {
		this.application.withUserConfiguration(Emails.class).run((context) -> {
			assertThat(container(context).getOptions()).isEqualTo(ContainerOptions.builder().build());
			assertThat(container(context).getPhase()).isEqualTo(PgqrsListenerContainer.DEFAULT_PHASE);
			assertThat(context.getBean(PgqrsListenerEndpointRegistry.class).getPhase())
				.isEqualTo(PgqrsListenerContainer.DEFAULT_PHASE);
		});
	}

	@Test
	void containersHaveTheConfiguredOptions() {
		this.application.withUserConfiguration(Emails.class)
			.withPropertyValues("pgqrs.listener.concurrency=3", "pgqrs.listener.batch-size=50",
					"pgqrs.listener.ack-mode=transactional", "pgqrs.listener.poll-interval=250ms",
					"pgqrs.listener.visibility-timeout=2m", "pgqrs.listener.max-attempts=9",
					"pgqrs.listener.shutdown-timeout=5s", "pgqrs.listener.phase=17")
			.run((context) -> {
				assertThat(container(context).getOptions()).isEqualTo(ContainerOptions.builder()
					.concurrency(3)
					.batchSize(50)
					.ackMode(AckMode.TRANSACTIONAL)
					.pollInterval(Duration.ofMillis(250))
					.visibilityTimeout(Duration.ofMinutes(2))
					.maxAttempts(9)
					.shutdownTimeout(Duration.ofSeconds(5))
					.build());
				assertThat(container(context).getPhase()).isEqualTo(17);
				assertThat(context.getBean(PgqrsListenerEndpointRegistry.class).getPhase()).isEqualTo(17);
			});
	}

	@Test
	void containersDoNotStartWhereConfigured() {
		this.application.withUserConfiguration(Emails.class)
			.withPropertyValues("pgqrs.listener.auto-startup=false")
			.run((context) -> {
				assertThat(container(context).isRunning()).isFalse();
				PgqrsOperations pgqrs = context.getBean(PgqrsOperations.class);
				pgqrs.enqueue("emails", "hello");
				assertThat(context.getBean(PgqrsAdmin.class).metrics("emails").ready()).isOne();
				container(context).start();
				assertThat(context.getBean(Emails.class).received.poll(10, TimeUnit.SECONDS)).isEqualTo("hello");
			});
	}

	@Test
	void aListenerThatSaysItselfWhetherItStartsIsNotOverruled() {
		this.application.withUserConfiguration(StartsByItself.class)
			.withPropertyValues("pgqrs.listener.auto-startup=false")
			.run((context) -> assertThat(container(context).isRunning()).isTrue());
	}

	@Test
	void factoryCustomizersAreCalled() {
		this.application.withUserConfiguration(Emails.class)
			.withBean(PgqrsListenerContainerFactoryCustomizer.class,
					() -> (factory) -> factory.addOptionsCustomizer((options) -> options.concurrency(5)))
			.run((context) -> assertThat(container(context).getOptions().concurrency()).isEqualTo(5));
	}

	@Test
	void anApplicationsFactoryReplacesOurs() {
		PgqrsListenerContainerFactory factory = mock();
		this.application.withBean("pgqrsListenerContainerFactory", PgqrsListenerContainerFactory.class, () -> factory)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(PgqrsListenerContainerFactory.class)).isSameAs(factory);
			});
	}

	@Test
	void anApplicationsFurtherFactoryGetsTheSameSettings() {
		this.application.withUserConfiguration(BulkFactory.class, BulkEmails.class)
			.withPropertyValues("pgqrs.listener.concurrency=3")
			.run((context) -> {
				assertThat(context.getBeansOfType(PgqrsListenerContainerFactory.class))
					.containsOnlyKeys("pgqrsListenerContainerFactory", "pgqrsWorkflowContainerFactory", "bulkFactory");
				assertThat(container(context).getOptions().concurrency()).isEqualTo(3);
				assertThat(container(context).getOptions().batchSize()).isEqualTo(200);
			});
	}

	@Test
	void theApplicationsFailurePolicyDecides() {
		FailurePolicy policy = mock();
		this.application.withBean(FailurePolicy.class, () -> policy)
			.run((context) -> assertThat(setting(context, "failurePolicy")).isSameAs(policy));
	}

	@Test
	void theThreadsArePlatformThreadsNamedAfterPgqrs() {
		this.application.withUserConfiguration(Emails.class).run((context) -> {
			assertThat(setting(context, "taskExecutor")).isInstanceOf(SimpleAsyncTaskExecutor.class)
				.extracting("virtualThreadDelegate")
				.isNull();
			context.getBean(PgqrsOperations.class).enqueue("emails", "hello");
			Emails emails = context.getBean(Emails.class);
			assertThat(emails.received.poll(10, TimeUnit.SECONDS)).isEqualTo("hello");
			assertThat(emails.thread).startsWith("pgqrs-");
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void theThreadsAreVirtualWhereTheApplicationsAre() {
		this.application.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> assertThat(setting(context, "taskExecutor")).isInstanceOf(SimpleAsyncTaskExecutor.class)
				.extracting("virtualThreadDelegate")
				.isNotNull());
	}

	@Test
	void ourThreadsAreNoExecutorOfTheApplication() {
		this.application.run((context) -> assertThat(context).doesNotHaveBean(Executor.class));
	}

	@Test
	void transactionalListenersUseTheApplicationsTransactionManager() {
		this.application.run((context) -> assertThat(setting(context, "transactionManager"))
			.isSameAs(context.getBean(JdbcTransactionManager.class)));
	}

	@Test
	void transactionalListenersUseTheTransactionManagerOfOurDataSource() {
		this.application.withUserConfiguration(ManagerOfSomethingElse.class).run((context) -> {
			assertThat(setting(context, "transactionManager")).isInstanceOf(DataSourceTransactionManager.class)
				.isNotSameAs(context.getBean("managerOfSomethingElse"))
				.extracting("dataSource")
				.isSameAs(context.getBean(DataSource.class));
		});
	}

	@Test
	void transactionalListenersUseATransactionManagerOfAllResources() {
		PlatformTransactionManager jta = new ManagerOfEverything();
		this.application.withBean(PlatformTransactionManager.class, () -> jta)
			.run((context) -> assertThat(setting(context, "transactionManager")).isSameAs(jta));
	}

	@Test
	void transactionalListenersHaveATransactionManagerEvenIfTheApplicationHasNone() {
		this.application.withBean("one", PlatformTransactionManager.class, ManagerOfEverything::new)
			.withBean("two", PlatformTransactionManager.class, ManagerOfEverything::new)
			.run((context) -> assertThat(setting(context, "transactionManager"))
				.isInstanceOf(DataSourceTransactionManager.class));
	}

	@Test
	void theWorkerIsNamedAfterTheApplication() {
		this.application.withUserConfiguration(Emails.class)
			.withPropertyValues("spring.application.name=shop")
			.run((context) -> assertThat(worker(context).name()).isEqualTo("shop-" + new ApplicationPid()));
	}

	@Test
	void theWorkerHasTheConfiguredName() {
		this.application.withUserConfiguration(Emails.class)
			.withPropertyValues("pgqrs.worker.name=north", "pgqrs.worker.heartbeat-interval=1s",
					"pgqrs.worker.dead-after=4s")
			.run((context) -> {
				assertThat(worker(context).name()).isEqualTo("north");
				assertThat(context.getBean(PgqrsWorker.class))
					.hasFieldOrPropertyWithValue("heartbeatInterval", Duration.ofSeconds(1))
					.hasFieldOrPropertyWithValue("deadAfter", Duration.ofSeconds(4));
				assertThat(context.getBean(PgqrsAdmin.class)).hasFieldOrPropertyWithValue("deadAfter",
						Duration.ofSeconds(4));
			});
	}

	@Test
	void aListenerOfAnUnknownQueueIsRefusedWhereConfigured() {
		this.application.withUserConfiguration(Emails.class)
			.withPropertyValues("pgqrs.queue-not-found-strategy=fail")
			.run((context) -> assertThat(context).getFailure().rootCause().isInstanceOf(QueueNotFoundException.class));
	}

	@Test
	void twoListenersOfOneIdAreRefused() {
		this.application.withUserConfiguration(SameIds.class)
			.run((context) -> assertThat(context).getFailure().isInstanceOf(DuplicateListenerIdException.class));
	}

	private static PgqrsListenerContainer container(ApplicationContext context) {
		return context.getBean(PgqrsListenerEndpointRegistry.class).getListenerContainers().iterator().next();
	}

	private static WorkerInfo worker(ApplicationContext context) {
		PgqrsAdmin admin = context.getBean(PgqrsAdmin.class);
		return Awaitility.await().until(admin::workers, (workers) -> !workers.isEmpty()).get(0);
	}

	/** What the factory was told; it has no getters. */
	private static Object setting(ApplicationContext context, String name) {
		return ReflectionTestUtils.getField(context.getBean(DefaultPgqrsListenerContainerFactory.class), name);
	}

	static class Emails {

		private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

		private volatile String thread = "";

		@PgqrsListener("emails")
		void send(String email) {
			this.thread = Thread.currentThread().getName();
			this.received.add(email);
		}

	}

	static class StartsByItself {

		@PgqrsListener(queues = "emails", autoStartup = "true")
		void send(String email) {
		}

	}

	static class BulkEmails {

		@PgqrsListener(queues = "emails", containerFactory = "bulkFactory")
		void send(String email) {
		}

	}

	static class SameIds {

		@PgqrsListener(queues = "emails", id = "mailer")
		void send(String email) {
		}

		@PgqrsListener(queues = "letters", id = "mailer")
		void post(String letter) {
		}

	}

	static class Repeated {

		@PgqrsListener("emails")
		@PgqrsListener("letters")
		void send(String email) {
		}

	}

	static class MetaAnnotated {

		@EmailListener
		void send(String email) {
		}

	}

	@Retention(RetentionPolicy.RUNTIME)
	@PgqrsListener("emails")
	@interface EmailListener {

	}

	interface Contract {

		@PgqrsListener("emails")
		void send(String email);

	}

	static class Implementation implements Contract {

		@Override
		public void send(String email) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnablePgqrs
	static class EnabledByApplication {

	}

	@Configuration(proxyBeanMethods = false)
	static class BulkFactory {

		@Bean
		DefaultPgqrsListenerContainerFactory bulkFactory(PgqrsListenerContainerFactoryConfigurer configurer) {
			DefaultPgqrsListenerContainerFactory factory = configurer.createFactory();
			factory.addOptionsCustomizer((options) -> options.batchSize(200));
			return factory;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ManagerOfSomethingElse {

		@Bean
		DataSourceTransactionManager managerOfSomethingElse() {
			return new DataSourceTransactionManager(mock(DataSource.class));
		}

	}

	@SuppressWarnings("serial")
	static class ManagerOfEverything extends AbstractPlatformTransactionManager {

		@Override
		protected Object doGetTransaction() {
			return this;
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
		}

	}

}

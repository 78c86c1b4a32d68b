package io.pgqrs.spring.boot.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

import javax.sql.DataSource;

import io.pgqrs.FailurePolicy;
import io.pgqrs.OnSuccess;
import io.pgqrs.PayloadTooLargeException;
import io.pgqrs.PgqrsAdmin;
import io.pgqrs.PgqrsOperations;
import io.pgqrs.PgqrsTemplate;
import io.pgqrs.QueueCatalog;
import io.pgqrs.QueueDefinition;
import io.pgqrs.QueueInfo;
import io.pgqrs.QueueNotFoundException;
import io.pgqrs.WakeUps;
import io.pgqrs.listener.PgqrsWorker;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.WakeUpTransport;
import io.pgqrs.support.PayloadJson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.Answers;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.mock;

class PgqrsAutoConfigurationTests {

	@TempDir
	private Path directory;

	private ApplicationContextRunner application;

	@BeforeEach
	void createDatabase() {
		this.application = Applications.on(ApplicationDatabase.sqlite(this.directory));
	}

	@Test
	void configuresTheQueueOnTheDataSourceOfTheApplication() {
		this.application.run((context) -> {
			assertThat(context).hasSingleBean(PgqrsStore.class)
				.hasSingleBean(PgqrsSchemaInitializer.class)
				.hasSingleBean(QueueCatalog.class)
				.hasSingleBean(WakeUps.class)
				.hasSingleBean(PayloadJson.class)
				.hasSingleBean(PgqrsTemplate.class)
				.hasSingleBean(PgqrsAdmin.class)
				.hasSingleBean(PgqrsWorker.class);
			assertThat(context.getBean(PgqrsStore.class).dataSource()).isSameAs(context.getBean(DataSource.class));
		});
	}

	@Test
	void backsOffWhenSwitchedOff() {
		this.application.withPropertyValues("pgqrs.enabled=false").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBeanDefinitionNames())
				.noneMatch((name) -> name.toLowerCase(Locale.ROOT).contains("pgqrs"));
		});
	}

	@Test
	void backsOffWithoutADataSource() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PgqrsStoreAutoConfiguration.class, PgqrsAutoConfiguration.class,
					PgqrsListenerAutoConfiguration.class))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context).doesNotHaveBean(PgqrsStore.class)
					.doesNotHaveBean(PgqrsSchemaInitializer.class)
					.doesNotHaveBean(PgqrsOperations.class)
					.doesNotHaveBean("pgqrsListenerContainerFactory");
			});
	}

	@Test
	void backsOffWithoutBootsJdbcModule() {
		this.application.withClassLoader(new FilteredClassLoader(DataSourceBuilder.class)).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).doesNotHaveBean(PgqrsStore.class).doesNotHaveBean(PgqrsOperations.class);
		});
	}

	@Test
	void backsOffWithoutBootsSqlModule() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PgqrsStoreAutoConfiguration.class, PgqrsAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(DatabaseInitializationDependencyConfigurer.class))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context).doesNotHaveBean(PgqrsStore.class);
			});
	}

	@Test
	void queuesHaveTheDefaultsOfEveryQueueWhereNothingIsSaid() {
		this.application.withPropertyValues("pgqrs.queues.emails.max-attempts=5").run((context) -> {
			PgqrsAdmin admin = context.getBean(PgqrsAdmin.class);
			assertThat(admin.queue("emails")).usingRecursiveComparison()
				.ignoringFields("name", "createdAt")
				.isEqualTo(admin.createQueue("other"));
		});
	}

	@Test
	void queuesAreCreatedAsConfigured() {
		this.application
			.withPropertyValues("pgqrs.queues.emails.visibility-timeout=2m", "pgqrs.queues.emails.max-attempts=7",
					"pgqrs.queues.emails.backoff.initial=3s", "pgqrs.queues.emails.backoff.multiplier=1.5",
					"pgqrs.queues.emails.backoff.max=10m", "pgqrs.queues.emails.on-success=delete",
					"pgqrs.queues.emails.retention=1d", "pgqrs.queues.emails.dead-letter-retention=90d")
			.run((context) -> {
				QueueInfo queue = context.getBean(PgqrsAdmin.class).queue("emails");
				assertThat(queue.visibilityTimeout()).isEqualTo(Duration.ofMinutes(2));
				assertThat(queue.maxAttempts()).isEqualTo(7);
				assertThat(queue.initialBackoff()).isEqualTo(Duration.ofSeconds(3));
				assertThat(queue.backoffMultiplier()).isEqualTo(1.5);
				assertThat(queue.maxBackoff()).isEqualTo(Duration.ofMinutes(10));
				assertThat(queue.onSuccess()).isEqualTo(OnSuccess.DELETE);
				assertThat(queue.retention()).isEqualTo(Duration.ofDays(1));
				assertThat(queue.deadLetterRetention()).isEqualTo(Duration.ofDays(90));
			});
	}

	@Test
	void queuesThatExistGetTheConfiguredSettings() {
		this.application.run((context) -> context.getBean(PgqrsAdmin.class).createQueue("emails"));
		this.application.withPropertyValues("pgqrs.queues.emails.max-attempts=9")
			.run((context) -> assertThat(context.getBean(PgqrsAdmin.class).queue("emails").maxAttempts()).isEqualTo(9));
	}

	@Test
	void queueNamesInBracketsKeepTheirSpelling() {
		this.application
			.withPropertyValues("pgqrs.queues[Order.created].max-attempts=3", "pgqrs.queues[order/paid].max-attempts=4")
			.run((context) -> assertThat(context.getBean(PgqrsAdmin.class).queues()).extracting(QueueInfo::name)
				.containsExactlyInAnyOrder("Order.created", "order/paid"));
	}

	@Test
	void queuesAreAlsoDeclaredByBeans() {
		this.application.withBean("emails", QueueDefinition.class, () -> QueueDefinition.named("emails").maxAttempts(2))
			.withBean("bills", QueueDefinition.class, () -> QueueDefinition.named("bills").maxAttempts(2))
			.withPropertyValues("pgqrs.queues.bills.max-attempts=3")
			.run((context) -> {
				assertThat(context.getBean(PgqrsAdmin.class).queue("emails").maxAttempts()).isEqualTo(2);
				assertThat(context.getBean(PgqrsAdmin.class).queue("bills").maxAttempts()).isEqualTo(3);
			});
	}

	@Test
	void unknownQueuesAreCreated() {
		this.application.run((context) -> {
			context.getBean(PgqrsOperations.class).enqueue("emails", "hello");
			assertThat(context.getBean(PgqrsAdmin.class).queue("emails").maxAttempts()).isEqualTo(5);
		});
	}

	@Test
	void unknownQueuesAreRefusedWhereConfigured() {
		this.application.withPropertyValues("pgqrs.queue-not-found-strategy=fail", "pgqrs.queues.emails.max-attempts=5")
			.run((context) -> {
				PgqrsOperations pgqrs = context.getBean(PgqrsOperations.class);
				pgqrs.enqueue("emails", "hello");
				assertThatExceptionOfType(QueueNotFoundException.class)
					.isThrownBy(() -> pgqrs.enqueue("emial", "hello"));
			});
	}

	@Test
	void payloadsMayBeAMebibyteLarge() {
		this.application.run((context) -> {
			PgqrsOperations pgqrs = context.getBean(PgqrsOperations.class);
			assertThat(pgqrs.enqueue("emails", "x".repeat(1024 * 1024 - 2))).isPositive();
			assertThatExceptionOfType(PayloadTooLargeException.class)
				.isThrownBy(() -> pgqrs.enqueue("emails", "x".repeat(1024 * 1024 - 1)));
		});
	}

	@Test
	void payloadsMayBeAsLargeAsConfigured() {
		this.application.withPropertyValues("pgqrs.max-payload-size=1KB").run((context) -> {
			PgqrsOperations pgqrs = context.getBean(PgqrsOperations.class);
			assertThat(pgqrs.enqueue("emails", "x".repeat(1022))).isPositive();
			assertThatExceptionOfType(PayloadTooLargeException.class)
				.isThrownBy(() -> pgqrs.enqueue("emails", "x".repeat(1023)));
		});
	}

	@Test
	void payloadsAreWrittenByTheApplicationsJsonMapper() {
		this.application
			.withBean(JsonMapperBuilderCustomizer.class,
					() -> (builder) -> builder.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE))
			.run((context) -> {
				PgqrsOperations pgqrs = context.getBean(PgqrsOperations.class);
				pgqrs.enqueue("emails", new Email("Ada Lovelace"));
				assertThat(pgqrs.dequeue("emails", 1).get(0).payload()).contains("full_name");
			});
	}

	@Test
	void payloadsAreWrittenByAPlainMapperWhereTheApplicationHasSeveral() {
		this.application.withBean("one", JsonMapper.class, () -> JsonMapper.builder().build())
			.withBean("two", JsonMapper.class, () -> JsonMapper.builder().build())
			.run((context) -> {
				assertThat(context).hasNotFailed();
				PgqrsOperations pgqrs = context.getBean(PgqrsOperations.class);
				pgqrs.enqueue("emails", new Email("Ada Lovelace"));
				assertThat(pgqrs.dequeue("emails", 1).get(0).payload(Email.class)).isEqualTo(new Email("Ada Lovelace"));
			});
	}

	@Test
	void templateCustomizersAreCalledInOrder() {
		this.application.withUserConfiguration(TemplateCustomizers.class).run((context) -> {
			PgqrsOperations pgqrs = context.getBean(PgqrsOperations.class);
			assertThat(pgqrs.enqueue("emails", "x".repeat(18))).isPositive();
			assertThatExceptionOfType(PayloadTooLargeException.class)
				.isThrownBy(() -> pgqrs.enqueue("emails", "x".repeat(19)));
		});
	}

	@Test
	void theApplicationsFailurePolicyDecides() {
		FailurePolicy policy = mock();
		given(policy.decide(any())).willReturn(new FailurePolicy.GiveUp());
		this.application.withBean(FailurePolicy.class, () -> policy).run((context) -> {
			PgqrsOperations pgqrs = context.getBean(PgqrsOperations.class);
			pgqrs.enqueue("emails", "hello");
			pgqrs.dequeue().from("emails").batch(1).handle((message) -> {
				throw new IllegalStateException("no server");
			});
			then(policy).should().decide(any());
			assertThat(context.getBean(PgqrsAdmin.class).metrics("emails").dead()).isOne();
		});
	}

	@Test
	void theApplicationsBeansReplaceOurs() {
		PgqrsOperations operations = mock();
		PgqrsAdmin admin = mock();
		PayloadJson json = new PayloadJson(JsonMapper.shared());
		this.application.withBean("operations", PgqrsOperations.class, () -> operations)
			.withBean("admin", PgqrsAdmin.class, () -> admin)
			.withBean("json", PayloadJson.class, () -> json)
			.run((context) -> {
				assertThat(context.getBean(PgqrsOperations.class)).isSameAs(operations);
				assertThat(context.getBean(PgqrsAdmin.class)).isSameAs(admin);
				assertThat(context.getBean(PayloadJson.class)).isSameAs(json);
			});
	}

	@Test
	void theApplicationsSchemaInitializerReplacesOurs() {
		PgqrsSchemaInitializer initializer = mock();
		this.application.withBean("initializer", PgqrsSchemaInitializer.class, () -> initializer).run((context) -> {
			assertThat(context).hasSingleBean(PgqrsSchemaInitializer.class);
			then(initializer).should(atLeastOnce()).afterPropertiesSet();
		});
	}

	@Test
	void theApplicationsWakeUpsReplaceOurs() {
		WakeUps wakeUps = new WakeUps(WakeUpTransport.none());
		this.application.withBean("wakeUps", WakeUps.class, () -> wakeUps)
			.run((context) -> assertThat(context.getBean(WakeUps.class)).isSameAs(wakeUps));
	}

	@Test
	void theApplicationsStoreNeedsNoDataSource() {
		PgqrsStore store = mock(Answers.RETURNS_DEEP_STUBS);
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PgqrsStoreAutoConfiguration.class, PgqrsAutoConfiguration.class))
			.withBean(PgqrsStore.class, () -> store)
			.withPropertyValues("pgqrs.schema.mode=none")
			.run((context) -> assertThat(context).hasSingleBean(PgqrsTemplate.class));
	}

	record Email(String fullName) {
	}

	@Configuration(proxyBeanMethods = false)
	static class TemplateCustomizers {

		@Bean
		@Order(2)
		PgqrsTemplateCustomizer last() {
			return (template) -> template.setMaxPayloadSize(20);
		}

		@Bean
		@Order(1)
		PgqrsTemplateCustomizer first() {
			return (template) -> template.setMaxPayloadSize(10);
		}

	}

}

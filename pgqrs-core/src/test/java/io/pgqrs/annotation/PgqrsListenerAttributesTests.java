package io.pgqrs.annotation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.pgqrs.listener.AckMode;
import io.pgqrs.listener.InvalidListenerException;
import io.pgqrs.listener.PgqrsListenerContainerFactory;
import io.pgqrs.listener.PgqrsListenerEndpoint;
import io.pgqrs.listener.PgqrsListenerErrorHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.support.PropertySourcesPlaceholderConfigurer;
import org.springframework.core.annotation.AliasFor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What the attributes of {@link PgqrsListener} make of an endpoint. */
class PgqrsListenerAttributesTests {

	private final RecordingContainerFactory factory = new RecordingContainerFactory();

	@Test
	void whatIsNotSaidIsLeftToTheFactory() {
		PgqrsListenerEndpoint endpoint = endpoint(Map.of(), Defaults.class);
		assertThat(endpoint.queues()).containsExactly("emails");
		assertThat(endpoint.id()).isEqualTo(Defaults.class.getName() + ".on#0");
		assertThat(endpoint).usingRecursiveComparison()
			.ignoringFields("listener")
			.isEqualTo(PgqrsListenerEndpoint.of(endpoint.id(), List.of("emails"), endpoint.listener()));
	}

	@Test
	void literalsAreTaken() {
		assertEverythingIsSet(endpoint(Map.of(), Literals.class));
	}

	@Test
	void placeholdersAreResolved() {
		assertEverythingIsSet(endpoint(Map.ofEntries(Map.entry("q", "emails, letters"), Map.entry("i", "mailer"),
				Map.entry("f", "special"), Map.entry("c", 3), Map.entry("s", "20"), Map.entry("b", "TRUE"),
				Map.entry("a", "manual"), Map.entry("v", "PT45S"), Map.entry("p", "250"), Map.entry("m", "9"),
				Map.entry("u", "false"), Map.entry("e", "rescue")), Placeholders.class));
	}

	@Test
	void expressionsAreEvaluatedAndMayYieldObjects() {
		assertEverythingIsSet(endpoint(Map.of(), Expressions.class));
	}

	@Test
	void whatResolvesToNothingIsLeftToTheFactory() {
		PgqrsListenerEndpoint endpoint = endpoint(Map.of(), Nothings.class);
		assertThat(endpoint.concurrency()).isNull();
		assertThat(endpoint.batch()).isNull();
		assertThat(endpoint.ackMode()).isNull();
		assertThat(endpoint.visibilityTimeout()).isNull();
		assertThat(endpoint.errorHandler()).isNull();
		assertThat(endpoint.id()).endsWith(".on#0");
	}

	@Test
	void queuesCanBeGivenAsArraysIterablesAndLists() {
		assertThat(endpoint(Map.of("more", "c , d,,c"), ManyQueues.class).queues()).containsExactly("a", "b", "c", "d",
				"e", "f", "g,h", "i");
	}

	@ParameterizedTest
	@CsvSource({ "on-success,ON_SUCCESS", "ON_SUCCESS,ON_SUCCESS", "onSuccess,ON_SUCCESS",
			"transactional,TRANSACTIONAL", "Manual,MANUAL" })
	void acknowledgmentModesHaveRelaxedNames(String name, AckMode mode) {
		assertThat(endpoint(Map.of("a", name), OneOfEach.class).ackMode()).isEqualTo(mode);
	}

	@ParameterizedTest
	@CsvSource({ "500,PT0.5S", "30s,PT30S", "PT30S,PT30S", "1m30s,PT1M30S", "5m,PT5M" })
	void durationsAreWrittenInAllStyles(String text, Duration duration) {
		assertThat(endpoint(Map.of("v", text), OneOfEach.class).visibilityTimeout()).isEqualTo(duration);
	}

	@ParameterizedTest
	@CsvSource({ "c,concurrency,three,whole number", "s,batchSize,1.5,whole number", "b,batch,maybe,true or false",
			"a,ackMode,sometimes,MANUAL", "v,visibilityTimeout,soon,duration", "p,pollInterval,5 parsecs,duration",
			"m,maxAttempts,99999999999,whole number", "u,autoStartup,yes,true or false",
			"e,errorHandler,nobody,PgqrsListenerErrorHandler",
			"f,containerFactory,nobody,PgqrsListenerContainerFactory",
			"e,errorHandler,special,PgqrsListenerErrorHandler" })
	void aWrongValueIsReportedWithItsAttributeAndMethod(String property, String attribute, String value,
			String expected) {
		assertThatExceptionOfType(InvalidListenerException.class)
			.isThrownBy(() -> endpoint(Map.of(property, value), OneOfEach.class))
			.withMessageStartingWith("'" + attribute + "' of the @PgqrsListener on ")
			.withMessageContaining(OneOfEach.class.getName() + ".on(String) of bean '")
			.withMessageContaining("is '${" + property + ":}', which resolves to '" + value + "'")
			.withMessageContaining(expected);
	}

	@Test
	void aValueThatIsOutOfRangeIsReportedWithItsMethod() {
		assertThatExceptionOfType(InvalidListenerException.class)
			.isThrownBy(() -> endpoint(Map.of("c", "0"), OneOfEach.class))
			.withMessageContaining(OneOfEach.class.getName() + ".on(String)")
			.withMessageContaining("'concurrency' must be at least 1, but is 0");
	}

	@Test
	void anUnknownPropertyIsReported() {
		assertThatExceptionOfType(InvalidListenerException.class)
			.isThrownBy(() -> endpoint(Map.of(), UnknownProperty.class))
			.withMessageContaining("'queues'")
			.withMessageContaining("${nowhere}")
			.withMessageContaining("no such property");
		assertThatExceptionOfType(InvalidListenerException.class)
			.isThrownBy(() -> endpoint(Map.of(), UnknownProperty.class, PropertySourcesPlaceholderConfigurer.class))
			.withMessageContaining("'queues'")
			.withMessageContaining("nowhere");
	}

	@Test
	void aBrokenExpressionIsReported() {
		assertThatExceptionOfType(InvalidListenerException.class)
			.isThrownBy(() -> endpoint(Map.of(), BrokenExpression.class))
			.withMessageContaining("'concurrency'")
			.withMessageContaining("#{@nobody.size}")
			.withMessageContaining(BrokenExpression.class.getName());
	}

	@Test
	void anObjectOfTheWrongTypeIsReported() {
		assertThatExceptionOfType(InvalidListenerException.class)
			.isThrownBy(() -> endpoint(Map.of(), WrongObject.class))
			.withMessageContaining("'errorHandler'")
			.withMessageContaining("which resolves to '42'")
			.withMessageContaining("expression that yields one");
	}

	@ParameterizedTest
	@ValueSource(classes = { NoQueue.class, EmptyQueue.class })
	void aListenerNeedsAQueue(Class<?> listener) {
		assertThatExceptionOfType(InvalidListenerException.class).isThrownBy(() -> endpoint(Map.of(), listener))
			.withMessageContaining("'queues'")
			.withMessageContaining("at least one")
			.withMessageContaining(listener.getName());
	}

	@Test
	void theElementsOfACollectionOfQueuesMustBeNames() {
		assertThatExceptionOfType(InvalidListenerException.class)
			.isThrownBy(() -> endpoint(Map.of(), NumberQueue.class))
			.withMessageContaining("'queues'")
			.withMessageContaining("name");
	}

	@Test
	void aMetaAnnotationCanSetAndOverrideAttributes() {
		PgqrsListenerEndpoint endpoint = endpoint(Map.of("name", "parcels"), MetaAnnotated.class);
		assertThat(endpoint.queues()).containsExactly("parcels");
		assertThat(endpoint.concurrency()).isEqualTo(4);
		assertThat(endpoint.ackMode()).isEqualTo(AckMode.TRANSACTIONAL);
	}

	private PgqrsListenerEndpoint endpoint(Map<String, Object> properties, Class<?>... beans) {
		try (var context = ListenerContexts.with(properties, (each) -> {
			each.registerBean("pgqrsListenerContainerFactory", RecordingContainerFactory.class, () -> this.factory);
			each.registerBean("special", RecordingContainerFactory.class, () -> this.factory);
			each.registerBean("rescue", Rescue.class, Rescue::new);
			each.registerBean("settings", Settings.class, Settings::new);
			each.register(beans);
		})) {
			return this.factory.endpoint();
		}
	}

	private void assertEverythingIsSet(PgqrsListenerEndpoint endpoint) {
		assertThat(endpoint.queues()).containsExactly("emails", "letters");
		assertThat(endpoint.id()).isEqualTo("mailer");
		assertThat(endpoint.concurrency()).isEqualTo(3);
		assertThat(endpoint.batchSize()).isEqualTo(20);
		assertThat(endpoint.batch()).isTrue();
		assertThat(endpoint.ackMode()).isEqualTo(AckMode.MANUAL);
		assertThat(endpoint.visibilityTimeout()).isEqualTo(Duration.ofSeconds(45));
		assertThat(endpoint.pollInterval()).isEqualTo(Duration.ofMillis(250));
		assertThat(endpoint.maxAttempts()).isEqualTo(9);
		assertThat(endpoint.autoStartup()).isFalse();
		assertThat(endpoint.errorHandler()).isInstanceOf(Rescue.class);
	}

	static class Rescue implements PgqrsListenerErrorHandler {

		@Override
		public void handleError(List<io.pgqrs.QueueMessage> messages, Exception exception) {
		}

	}

	/** Public, for expressions look at it. */
	public static class Settings {

		public List<String> getQueues() {
			return List.of("emails", "letters");
		}

		public String[] getQueueArray() {
			return new String[] { "g,h", "i" };
		}

		public Duration getTimeout() {
			return Duration.ofSeconds(45);
		}

		public AckMode getMode() {
			return AckMode.MANUAL;
		}

		public int getThree() {
			return 3;
		}

		public List<Integer> getNumbers() {
			return List.of(1);
		}

		public PgqrsListenerContainerFactory factory(PgqrsListenerContainerFactory factory) {
			return factory;
		}

	}

	static class Defaults {

		@PgqrsListener("emails")
		void on(String payload) {
		}

	}

	static class Literals {

		@PgqrsListener(queues = { "emails", "letters" }, id = "mailer", containerFactory = "special", concurrency = "3",
				batchSize = "20", batch = "true", ackMode = "manual", visibilityTimeout = "45s", pollInterval = "250ms",
				maxAttempts = "9", autoStartup = "false", errorHandler = "rescue")
		void on(List<String> payloads) {
		}

	}

	static class Placeholders {

		@PgqrsListener(queues = "${q}", id = "${i}", containerFactory = "${f}", concurrency = "${c}",
				batchSize = "${s}", batch = "${b}", ackMode = "${a}", visibilityTimeout = "${v}", pollInterval = "${p}",
				maxAttempts = "${m}", autoStartup = "${u}", errorHandler = "${e}")
		void on(List<String> payloads) {
		}

	}

	static class Expressions {

		@PgqrsListener(queues = "#{@settings.queues}", id = "#{'mail' + 'er'}",
				containerFactory = "#{@settings.factory(@special)}", concurrency = "#{@settings.three}",
				batchSize = "#{10 + 10}", batch = "#{1 < 2}", ackMode = "#{@settings.mode}",
				visibilityTimeout = "#{@settings.timeout}", pollInterval = "#{'250'}", maxAttempts = "#{'9'}",
				autoStartup = "#{false}", errorHandler = "#{@rescue}")
		void on(List<String> payloads) {
		}

	}

	static class Nothings {

		@PgqrsListener(queues = "emails", id = "${x:}", containerFactory = " ", concurrency = "${x:}",
				batch = "#{null}", ackMode = "#{''}", visibilityTimeout = "${x: }", errorHandler = "#{null}")
		void on(String payload) {
		}

	}

	static class ManyQueues {

		@PgqrsListener({ "a", "b,c", "${more}", "#{{'e','f'}}", "#{@settings.queueArray}", "${x:}" })
		void on(String payload) {
		}

	}

	static class OneOfEach {

		@PgqrsListener(queues = "emails", containerFactory = "${f:}", concurrency = "${c:}", batchSize = "${s:}",
				batch = "${b:}", ackMode = "${a:}", visibilityTimeout = "${v:}", pollInterval = "${p:}",
				maxAttempts = "${m:}", autoStartup = "${u:}", errorHandler = "${e:}")
		void on(String payload) {
		}

	}

	static class UnknownProperty {

		@PgqrsListener("${nowhere}")
		void on(String payload) {
		}

	}

	static class BrokenExpression {

		@PgqrsListener(queues = "emails", concurrency = "#{@nobody.size}")
		void on(String payload) {
		}

	}

	static class WrongObject {

		@PgqrsListener(queues = "emails", errorHandler = "#{42}")
		void on(String payload) {
		}

	}

	static class NoQueue {

		@PgqrsListener(id = "lost")
		void on(String payload) {
		}

	}

	static class EmptyQueue {

		@PgqrsListener("${x:}")
		void on(String payload) {
		}

	}

	static class NumberQueue {

		@PgqrsListener("#{@settings.numbers}")
		void on(String payload) {
		}

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@PgqrsListener(ackMode = "transactional")
	@interface TransactionalListener {

		@AliasFor(annotation = PgqrsListener.class, attribute = "queues")
		String[] from();

		@AliasFor(annotation = PgqrsListener.class)
		String concurrency() default "4";

	}

	static class MetaAnnotated {

		@TransactionalListener(from = "${name}")
		void on(String payload) {
		}

	}

}

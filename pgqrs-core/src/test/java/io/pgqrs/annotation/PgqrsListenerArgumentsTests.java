package io.pgqrs.annotation;

import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

import io.pgqrs.PayloadConversionException;
import io.pgqrs.QueueMessage;
import io.pgqrs.listener.Acknowledgment;
import io.pgqrs.listener.InvalidListenerException;
import io.pgqrs.listener.PgqrsHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.MethodArgumentResolutionException;
import org.springframework.messaging.support.ErrorMessage;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.Validated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** What a listener of single messages is called with. */
class PgqrsListenerArgumentsTests {

	private static final String EMAIL = "{\"to\":\"ann\",\"subject\":\"Hi\"}";

	private final RecordingContainerFactory factory = new RecordingContainerFactory();

	@Test
	void aRecordIsReadFromThePayload() throws Exception {
		assertThat(call(new Records(), EMAIL)).containsExactly(new Email("ann", "Hi"));
	}

	@Test
	void genericTypesAreReadInFull() throws Exception {
		assertThat(call(new Generics(), "[{\"a\":[" + EMAIL + "]}]"))
			.containsExactly(List.of(Map.of("a", List.of(new Email("ann", "Hi")))));
	}

	@Test
	void theVariablesOfAGenericSuperclassAreResolved() throws Exception {
		assertThat(call(new EmailHandler(), EMAIL)).containsExactly(new Email("ann", "Hi"));
		assertThat(call(new EmailListHandler(), "[" + EMAIL + "]")).containsExactly(List.of(new Email("ann", "Hi")));
		assertThat(call(new EmailsOfSuperclass(), "[" + EMAIL + "]")).containsExactly(List.of(new Email("ann", "Hi")));
	}

	@Test
	void aTypeThatIsBoundedByItselfHasAnEnd() throws Exception {
		assertThat(call(new SelfBounded(), "[]")).hasSize(1);
	}

	@Test
	void aStringIsTheContentOfAJsonStringOrTheTextOfAnyOtherJson() throws Exception {
		assertThat(call(new Strings(), "\"say \\\"hi\\\"\"")).containsExactly("say \"hi\"");
		assertThat(call(new Strings(), EMAIL)).containsExactly(EMAIL);
		assertThat(call(new Strings(), "42")).containsExactly("42");
		assertThat(call(new Strings(), "\"\"")).containsExactly("");
	}

	@Test
	void jsonCanBeTakenAsATreeAsAMapAsAnObjectOrAsAPrimitive() throws Exception {
		assertThat(((JsonNode) call(new Trees(), EMAIL).get(0)).get("to").asString()).isEqualTo("ann");
		assertThat(call(new Maps(), "{\"a\":1}")).containsExactly(Map.of("a", 1));
		assertThat(call(new Objects(), "{\"a\":[1]}")).containsExactly(Map.of("a", List.of(1)));
		assertThat(call(new Primitives(), "42")).containsExactly(42);
		assertThat(call(new Arrays2(), "[" + EMAIL + "]")).singleElement()
			.isEqualTo(new Email[] { new Email("ann", "Hi") });
	}

	@Test
	void optionalPayloadsTakeTheJsonNull() throws Exception {
		assertThat(call(new OptionalPayloads(), "null")).containsExactly(Optional.empty());
		assertThat(call(new OptionalPayloads(), EMAIL)).containsExactly(Optional.of(new Email("ann", "Hi")));
		assertThat(call(new NotRequired(), "null")).containsExactly((Object) null);
		assertThat(call(new NullablePayloads(), "null")).containsExactly((Object) null);
		assertThatExceptionOfType(PayloadConversionException.class).isThrownBy(() -> call(new Records(), "null"))
			.withMessageContaining(Records.class.getName() + ".on(Email) of bean 'listener'")
			.withMessageContaining("message 42 in queue 'emails' is null");
	}

	@Test
	void everythingButThePayloadIsResolvedByItsTypeOrAnnotation() throws Exception {
		QueueMessage message = Deliveries.message(42, EMAIL,
				Map.of("tenant", "acme", "retries", "3", "trace", "5a0ea0d8-1a44-4b9c-8f4a-7d5a6f0f8d3e"));
		List<@Nullable Object> arguments = call(new Everything(), message);
		assertThat(arguments.subList(0, 10)).containsExactly(Deliveries.ACKNOWLEDGMENT, message, "acme", 3,
				UUID.fromString("5a0ea0d8-1a44-4b9c-8f4a-7d5a6f0f8d3e"), "none", Optional.empty(), null,
				new Email("ann", "Hi"), message.headers());
		assertThat((MessageHeaders) arguments.get(10)).isEqualTo(arguments.get(11)).containsEntry("tenant", "acme");
		Message<?> springMessage = (Message<?>) arguments.get(12);
		assertThat(springMessage).isNotNull();
		assertThat(springMessage.getPayload()).isEqualTo(new Email("ann", "Hi"));
		assertThat(springMessage.getHeaders()).isEqualTo(arguments.get(10));
	}

	@Test
	void pgqrsHasHeadersOfItsOwn() throws Exception {
		QueueMessage message = Deliveries.message(42, "1");
		assertThat(call(new OwnHeaders(), message)).containsExactly(42L, "42", "emails", 3, 7, Deliveries.ENQUEUED_AT,
				Deliveries.ENQUEUED_AT.toString(), Deliveries.VISIBLE_UNTIL, message, Deliveries.ACKNOWLEDGMENT);
	}

	@Test
	void theIdOfAMessageIsNotThatOfItsHeaders() throws Exception {
		MessageHeaders headers = (MessageHeaders) call(new AllHeaders(), "1").get(0);
		assertThat(headers).isNotNull().doesNotContainKey(MessageHeaders.ID);
		assertThat(headers.getId()).isNull();
		assertThat(headers.getTimestamp()).isEqualTo(Deliveries.ENQUEUED_AT.toEpochMilli());
	}

	@Test
	void aSendersHeaderIsNotReplacedByOneOfSpring() throws Exception {
		QueueMessage message = Deliveries.message(42, "1", Map.of("id", "order-7", "timestamp", "yesterday"));
		MessageHeaders headers = (MessageHeaders) call(new AllHeaders(), message).get(0);
		assertThat(headers).containsEntry("id", "order-7").containsEntry("timestamp", "yesterday");
		assertThat(headers.getId()).isNull();
		assertThat(headers.getTimestamp()).isEqualTo(Deliveries.ENQUEUED_AT.toEpochMilli());
	}

	@Test
	void aListenerCanHaveNoParameters() throws Exception {
		assertThat(call(new Nothing(), "1")).containsExactly("called");
	}

	@Test
	void theReturnValueIsIgnored() throws Exception {
		assertThat(call(new Returning(), "1")).containsExactly("called");
	}

	@Test
	void severalParametersCanBeMarkedAsThePayload() throws Exception {
		List<@Nullable Object> arguments = call(new TwoPayloads(), EMAIL);
		assertThat(arguments.get(0)).isEqualTo(new Email("ann", "Hi"));
		assertThat(arguments.get(1)).isInstanceOf(JsonNode.class);
	}

	@Test
	void aPayloadThatCannotBeReadIsAConversionFailure() {
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> call(new Records(), "{\"to\":[1]}"))
			.withMessageContaining(Records.class.getName() + ".on(Email) of bean 'listener'")
			.withMessageContaining("message 42 in queue 'emails' cannot be read as " + Email.class.getName());
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> call(new SpringMessages(), "{\"to\":[1]}"));
		assertThatExceptionOfType(MessageConversionException.class)
			.isThrownBy(() -> call(new SpringMessages(), "null"));
	}

	@Test
	void aHeaderThatCannotBeConvertedIsAConversionFailure() {
		assertThatExceptionOfType(MessageConversionException.class)
			.isThrownBy(() -> call(new NumberHeader(), Deliveries.message(42, "1", Map.of("retries", "many"))))
			.withMessageContaining(NumberHeader.class.getName() + ".on(int) of bean 'listener'")
			.withMessageContaining("0 (int retries)")
			.withMessageContaining("many");
	}

	@Test
	void aMissingHeaderFailsForGood() {
		assertThatExceptionOfType(MethodArgumentResolutionException.class)
			.isThrownBy(() -> call(new NumberHeader(), "1"))
			.withMessageContaining("Missing header 'retries'")
			.withMessageContaining(NumberHeader.class.getName() + ".on(int)");
	}

	@Test
	void aPayloadIsValidatedIfItIsMarked() throws Exception {
		String invalid = "{\"to\":\"secret\",\"subject\":\"\"}";
		assertThat(callValidated(new Records(), invalid)).hasSize(1);
		assertThat(callValidated(new ValidatedPayloads(), EMAIL)).containsExactly(new Email("ann", "Hi"));
		assertThat(callValidated(new ValidOptional(), EMAIL)).containsExactly(Optional.of(new Email("ann", "Hi")));
		for (Object listener : List.of(new ValidatedPayloads(), new ValidPayloads(), new ValidOptional())) {
			assertThatExceptionOfType(MethodArgumentNotValidException.class)
				.isThrownBy(() -> callValidated(listener, invalid))
				.withMessageContaining("no subject")
				.withMessageContaining(listener.getClass().getName())
				.satisfies((ex) -> assertThat(ex.toString()).doesNotContain("secret"));
		}
	}

	@Test
	void aPayloadThatNobodyCanValidateIsTakenAsItIs() throws Exception {
		assertThat(call(new ValidatedPayloads(), EMAIL)).hasSize(1);
		assertThat(callValidated(new ValidString(), "\"x\"")).containsExactly("x");
	}

	@Test
	void anArgumentResolverCanBeAdded() throws Exception {
		HandlerMethodArgumentResolver tenants = new HandlerMethodArgumentResolver() {

			@Override
			public boolean supportsParameter(MethodParameter parameter) {
				return parameter.getParameterType() == Tenant.class;
			}

			@Override
			public Object resolveArgument(MethodParameter parameter, Message<?> message) {
				return new Tenant(((QueueMessage) message.getPayload()).headers().get("tenant"));
			}

		};
		assertThat(call(new Tenants(), Deliveries.message(1, EMAIL, Map.of("tenant", "acme")),
				(registrar) -> registrar.addArgumentResolver(tenants)))
			.containsExactly(new Tenant("acme"), new Email("ann", "Hi"));
	}

	@Test
	void whatTheMethodThrowsArrivesAsItIs() {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> call(new Failing(new IOException("disk")), "1"))
			.withMessage("disk");
		assertThatIllegalStateException().isThrownBy(() -> call(new Failing(new IllegalStateException("no")), "1"))
			.withMessage("no");
		assertThatExceptionOfType(StackOverflowError.class)
			.isThrownBy(() -> call(new Failing(new StackOverflowError()), "1"));
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> call(new Failing(new UndeclaredThrowableException(new IOException("disk"))), "1"))
			.withMessage("disk");
	}

	@ParameterizedTest
	@ValueSource(classes = { SeveralMessages.class, SeveralSpringMessages.class, SeveralQueueMessages.class,
			OptionalQueueMessage.class, WrongMessage.class, NestedMessage.class })
	void aDeliveryCannotBeAPayload(Class<?> listener) {
		assertThatExceptionOfType(InvalidListenerException.class).isThrownBy(() -> start(listener))
			.withMessageContaining(listener.getName() + ".on(")
			.withMessageContaining("of bean '")
			.withMessageContaining("parameter 0")
			.withMessageContaining("cannot be a payload")
			.withMessageContaining("batch = \"true\"");
	}

	@ParameterizedTest
	@ValueSource(classes = { HeadersOfEmail.class, HeadersAsHashMap.class })
	void allHeadersAreAMap(Class<?> listener) {
		assertThatExceptionOfType(InvalidListenerException.class).isThrownBy(() -> start(listener))
			.withMessageContaining("@Headers")
			.withMessageContaining("MessageHeaders");
	}

	@Test
	void twoParametersThatCouldBeThePayloadAreRefused() {
		assertThatExceptionOfType(InvalidListenerException.class).isThrownBy(() -> start(Ambiguous.class))
			.withMessageContaining("2 parameters that could be the payload")
			.withMessageContaining(Ambiguous.class.getName() + ".on(Email, String)");
	}

	@Test
	void aPayloadExpressionIsRefused() {
		assertThatExceptionOfType(InvalidListenerException.class).isThrownBy(() -> start(PayloadExpression.class))
			.withMessageContaining("@Payload with an expression");
	}

	@ParameterizedTest
	@ValueSource(classes = { Futures.class, Publishers.class })
	void aListenerThatReturnsBeforeItIsDoneIsRefused(Class<?> listener) {
		assertThatExceptionOfType(InvalidListenerException.class).isThrownBy(() -> start(listener))
			.withMessageContaining(listener.getName() + ".on(Email)")
			.withMessageContaining("which nobody would wait for");
	}

	private List<@Nullable Object> call(Recording listener, String json) throws Exception {
		return call(listener, Deliveries.message(42, json));
	}

	private List<@Nullable Object> call(Recording listener, QueueMessage message) throws Exception {
		return call(listener, message, (registrar) -> {
		});
	}

	private List<@Nullable Object> callValidated(Object listener, String json) throws Exception {
		return call((Recording) listener, Deliveries.message(42, json),
				(registrar) -> registrar.setValidator(new EmailValidator()));
	}

	private List<@Nullable Object> call(Recording listener, QueueMessage message, PgqrsListenerConfigurer configurer)
			throws Exception {
		try (var context = ListenerContexts.with(Map.of(), (each) -> {
			each.registerBean(RecordingContainerFactory.class, () -> this.factory);
			each.registerBean(PgqrsListenerConfigurer.class, () -> configurer);
			each.registerBean("listener", Recording.class, () -> listener);
		})) {
			int last = this.factory.endpoints().size() - 1;
			this.factory.endpoints().get(last).listener().onMessages(List.of(message), Deliveries.ACKNOWLEDGMENT);
			return listener.arguments;
		}
	}

	private void start(Class<?> listener) {
		ListenerContexts.with(this.factory, listener).close();
	}

	record Email(String to, String subject) {
	}

	record Tenant(@Nullable String name) {
	}

	/** Reports a subject that is empty. */
	static class EmailValidator implements Validator {

		@Override
		public boolean supports(Class<?> type) {
			return type == Email.class;
		}

		@Override
		public void validate(Object target, Errors errors) {
			if (((Email) target).subject().isEmpty()) {
				errors.reject("subject", "no subject");
			}
		}

	}

	/** Keeps what it was called with. */
	abstract static class Recording {

		final List<@Nullable Object> arguments = new ArrayList<>();

		void record(@Nullable Object... arguments) {
			this.arguments.addAll(Arrays.asList(arguments));
		}

	}

	static class Records extends Recording {

		@PgqrsListener("emails")
		void on(Email email) {
			record(email);
		}

	}

	static class Generics extends Recording {

		@PgqrsListener("emails")
		void on(List<Map<String, List<Email>>> payload) {
			record(payload);
		}

	}

	abstract static class Handler<T> extends Recording {

		abstract void on(T payload);

	}

	static class EmailHandler extends Handler<Email> {

		@Override
		@PgqrsListener("emails")
		void on(Email payload) {
			record(payload);
		}

	}

	abstract static class ListeningHandler<T> extends Recording {

		@PgqrsListener("emails")
		void on(T payload) {
			record(payload);
		}

	}

	static class EmailListHandler extends ListeningHandler<List<Email>> {

	}

	abstract static class ListHandler<T> extends Recording {

		@PgqrsListener("emails")
		void on(List<T> payload) {
			record(payload);
		}

	}

	static class EmailsOfSuperclass extends ListHandler<Email> {

	}

	static class SelfBounded extends Recording {

		@PgqrsListener("emails")
		<T extends List<T>> void on(List<T> payload) {
			record(payload);
		}

	}

	static class Strings extends Recording {

		@PgqrsListener("emails")
		void on(String payload) {
			record(payload);
		}

	}

	static class Trees extends Recording {

		@PgqrsListener("emails")
		void on(JsonNode payload) {
			record(payload);
		}

	}

	static class Maps extends Recording {

		@PgqrsListener("emails")
		void on(Map<String, Integer> payload) {
			record(payload);
		}

	}

	static class Objects extends Recording {

		@PgqrsListener("emails")
		void on(Object payload) {
			record(payload);
		}

	}

	static class Primitives extends Recording {

		@PgqrsListener("emails")
		void on(int payload) {
			record(payload);
		}

	}

	static class Arrays2 extends Recording {

		@PgqrsListener("emails")
		void on(Email[] payload) {
			record((Object) payload);
		}

	}

	static class OptionalPayloads extends Recording {

		@PgqrsListener("emails")
		void on(Optional<Email> payload) {
			record(payload);
		}

	}

	static class NotRequired extends Recording {

		@PgqrsListener("emails")
		void on(@Payload(required = false) Email payload) {
			record(payload);
		}

	}

	static class NullablePayloads extends Recording {

		@PgqrsListener("emails")
		void on(@Nullable Email payload) {
			record(payload);
		}

	}

	static class Everything extends Recording {

		@PgqrsListener("emails")
		void on(Acknowledgment acknowledgment, QueueMessage message, @Header String tenant,
				@Header("retries") int number, @Header("trace") UUID trace,
				@Header(name = "absent", defaultValue = "${nothing:none}") String none,
				@Header("absent") Optional<String> optional, @Header(name = "absent", required = false) String missing,
				@Payload Email email, @Headers Map<String, String> own, @Headers Map<String, Object> all,
				MessageHeaders headers, Message<Email> springMessage) {
			record(acknowledgment, message, tenant, number, trace, none, optional, missing, email, own, all, headers,
					springMessage);
		}

	}

	static class OwnHeaders extends Recording {

		@PgqrsListener("emails")
		void on(@Header(PgqrsHeaders.ID) long id, @Header(PgqrsHeaders.ID) String text,
				@Header(PgqrsHeaders.QUEUE) String queue, @Header(PgqrsHeaders.ATTEMPT) int attempt,
				@Header(PgqrsHeaders.PRIORITY) int priority, @Header(PgqrsHeaders.ENQUEUED_AT) Instant enqueuedAt,
				@Header(PgqrsHeaders.ENQUEUED_AT) String enqueuedAtText,
				@Header(PgqrsHeaders.VISIBLE_UNTIL) Instant visibleUntil,
				@Header(PgqrsHeaders.MESSAGE) QueueMessage message,
				@Header(PgqrsHeaders.ACKNOWLEDGMENT) Acknowledgment acknowledgment) {
			record(id, text, queue, attempt, priority, enqueuedAt, enqueuedAtText, visibleUntil, message,
					acknowledgment);
		}

	}

	static class AllHeaders extends Recording {

		@PgqrsListener("emails")
		void on(MessageHeaders headers) {
			record(headers);
		}

	}

	static class Nothing extends Recording {

		@PgqrsListener("emails")
		void on() {
			record("called");
		}

	}

	static class Returning extends Recording {

		@PgqrsListener("emails")
		private String on(int payload) {
			record("called");
			return "ignored";
		}

	}

	static class TwoPayloads extends Recording {

		@PgqrsListener("emails")
		void on(@Payload Email email, @Payload JsonNode tree) {
			record(email, tree);
		}

	}

	static class SpringMessages extends Recording {

		@PgqrsListener("emails")
		void on(Message<Email> message) {
			record(message);
		}

	}

	static class NumberHeader extends Recording {

		@PgqrsListener("emails")
		void on(@Header int retries) {
			record(retries);
		}

	}

	static class ValidatedPayloads extends Recording {

		@PgqrsListener("emails")
		void on(@Validated Email email) {
			record(email);
		}

	}

	/** As good as that of Jakarta Validation, which is known by its name. */
	@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
	@interface Valid {

	}

	static class ValidPayloads extends Recording {

		@PgqrsListener("emails")
		void on(@Payload @Valid Email email) {
			record(email);
		}

	}

	static class ValidOptional extends Recording {

		@PgqrsListener("emails")
		void on(@Valid Optional<Email> email) {
			record(email);
		}

	}

	static class ValidString extends Recording {

		@PgqrsListener("emails")
		void on(@Valid String text) {
			record(text);
		}

	}

	static class Tenants extends Recording {

		@PgqrsListener("emails")
		void on(Tenant tenant, Email email) {
			record(tenant, email);
		}

	}

	static class Failing extends Recording {

		private final Throwable failure;

		Failing(Throwable failure) {
			this.failure = failure;
		}

		@PgqrsListener("emails")
		void on(int payload) throws Throwable {
			throw this.failure;
		}

	}

	static class SeveralMessages {

		@PgqrsListener("emails")
		void on(List<QueueMessage> messages) {
		}

	}

	static class SeveralSpringMessages {

		@PgqrsListener("emails")
		void on(List<Message<Email>> messages) {
		}

	}

	static class SeveralQueueMessages {

		@PgqrsListener("emails")
		void on(QueueMessage[] messages) {
		}

	}

	static class OptionalQueueMessage {

		@PgqrsListener("emails")
		void on(Optional<QueueMessage> message) {
		}

	}

	static class WrongMessage {

		@PgqrsListener("emails")
		void on(ErrorMessage message) {
		}

	}

	static class NestedMessage {

		@PgqrsListener("emails")
		void on(Map<String, List<Acknowledgment>> message) {
		}

	}

	static class HeadersOfEmail {

		@PgqrsListener("emails")
		void on(@Headers Email email) {
		}

	}

	static class HeadersAsHashMap {

		@PgqrsListener("emails")
		void on(@Headers java.util.HashMap<String, Object> headers) {
		}

	}

	static class Ambiguous {

		@PgqrsListener("emails")
		void on(Email email, String tenant) {
		}

	}

	static class PayloadExpression {

		@PgqrsListener("emails")
		void on(@Payload("to") String to) {
		}

	}

	static class Futures {

		@PgqrsListener("emails")
		CompletableFuture<Void> on(Email email) {
			return CompletableFuture.completedFuture(null);
		}

	}

	static class Publishers {

		@PgqrsListener("emails")
		Flow.@Nullable Publisher<String> on(Email email) {
			return null;
		}

	}

}

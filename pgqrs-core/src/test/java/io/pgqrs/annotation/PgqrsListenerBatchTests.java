package io.pgqrs.annotation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import io.pgqrs.PayloadConversionException;
import io.pgqrs.QueueMessage;
import io.pgqrs.listener.Acknowledgment;
import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.listener.InvalidListenerException;
import io.pgqrs.listener.PgqrsHeaders;
import io.pgqrs.listener.UnreadableMessagesException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.Validated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** What a listener of batches is called with. */
class PgqrsListenerBatchTests {

	private static final QueueMessage ANN = Deliveries.message(1, "{\"to\":\"ann\"}", Map.of("tenant", "acme"));

	private static final QueueMessage BROKEN = Deliveries.message(2, "{\"to\":[1]}");

	private static final QueueMessage BEN = Deliveries.message(3, "{\"to\":\"ben\"}");

	private static final QueueMessage NULL = Deliveries.message(4, "null");

	@Test
	void payloadsAreReadAsTheElementsOfAList() throws Exception {
		assertThat(call(new Payloads(), ANN, BEN)).containsExactly(List.of(new Email("ann"), new Email("ben")),
				Deliveries.ACKNOWLEDGMENT);
	}

	@Test
	void elementsOfGenericTypesAreReadInFull() throws Exception {
		assertThat(call(new Generics(), Deliveries.message(1, "{\"a\":[{\"to\":\"ann\"}]}")))
			.containsExactly(List.of(Map.of("a", List.of(new Email("ann")))));
		assertThat(call(new EmailListener(), ANN)).containsExactly(List.of(new Email("ann")));
	}

	@Test
	void textsAndCollectionsAreTakenToo() throws Exception {
		assertThat(call(new Texts(), Deliveries.message(1, "\"a\""), BEN))
			.containsExactly(List.of("a", "{\"to\":\"ben\"}"));
		assertThat(call(new Raw(), BEN)).containsExactly(List.of(Map.of("to", "ben")));
	}

	@Test
	void queueMessagesAreTakenWhetherTheyCanBeReadOrNot() throws Exception {
		assertThat(call(new QueueMessages(), ANN, BROKEN, NULL)).containsExactly(List.of(ANN, BROKEN, NULL));
	}

	@Test
	void springMessagesHaveTheirHeaders() throws Exception {
		@SuppressWarnings("unchecked")
		List<Message<Email>> messages = (List<Message<Email>>) call(new SpringMessages(), ANN, BEN).get(0);
		assertThat(messages).extracting(Message::getPayload).containsExactly(new Email("ann"), new Email("ben"));
		assertThat(messages).extracting((message) -> message.getHeaders().get(PgqrsHeaders.ID)).containsExactly(1L, 3L);
		assertThat(messages).first()
			.satisfies((message) -> assertThat(message.getHeaders()).containsEntry("tenant", "acme"));
	}

	@Test
	void aBatchCanBeOfOneMessage() throws Exception {
		assertThat(call(new Payloads(), BEN).get(0)).isEqualTo(List.of(new Email("ben")));
	}

	@Test
	void theFactoryCanAskForBatches() throws Exception {
		Undecided listener = new Undecided();
		assertThat(call(listener, new RecordingContainerFactory(ContainerOptions.builder().batch(true).build()),
				List.of(ANN, BEN)))
			.containsExactly(List.of(new Email("ann"), new Email("ben")));
	}

	@Test
	void messagesThatCannotBeReadAreReportedAllAtOnceBeforeTheListenerIsCalled() {
		Payloads listener = new Payloads();
		UnreadableMessagesException thrown = catchThrowableOfType(UnreadableMessagesException.class,
				() -> call(listener, ANN, BROKEN, BEN, NULL));
		assertThat(thrown.getFailures()).containsOnlyKeys(BROKEN, NULL)
			.allSatisfy((message, exception) -> assertThat(exception).isInstanceOf(PayloadConversionException.class)
				.hasMessageContaining("message " + message.id())
				.hasMessageContaining(Payloads.class.getName() + ".on("));
		assertThat(thrown.getCause()).isNull();
		assertThat(listener.arguments).isEmpty();
	}

	@Test
	void springMessagesThatCannotBeReadAreReportedToo() {
		UnreadableMessagesException thrown = catchThrowableOfType(UnreadableMessagesException.class,
				() -> call(new SpringMessages(), ANN, BROKEN, NULL));
		assertThat(thrown.getFailures()).containsOnlyKeys(BROKEN, NULL);
		assertThat(thrown.getFailures().get(BROKEN)).isInstanceOf(PayloadConversionException.class);
		assertThat(thrown.getFailures().get(NULL)).isInstanceOf(MessageConversionException.class);
	}

	@Test
	void eachPayloadOfAListIsValidated() {
		UnreadableMessagesException thrown = catchThrowableOfType(UnreadableMessagesException.class,
				() -> call(new ValidPayloads(), ANN, BEN));
		assertThat(thrown.getFailures()).containsOnlyKeys(BEN);
		assertThat(thrown.getFailures().get(BEN)).isInstanceOf(MethodArgumentNotValidException.class)
			.hasMessageContaining("not ben");
	}

	@Test
	void whatTheMethodThrowsArrivesAsItIs() {
		assertThatIllegalStateException().isThrownBy(() -> call(new Failing(), ANN)).withMessage("no");
	}

	@ParameterizedTest
	@ValueSource(classes = { OnePayload.class, OneQueueMessage.class, OneMessage.class, AnObject.class, AHeader.class,
			AllHeaders.class, AllMessageHeaders.class, AnArray.class })
	void whatIsNotAListIsRefused(Class<?> listener) {
		assertThatExceptionOfType(InvalidListenerException.class)
			.isThrownBy(() -> ListenerContexts.with(new RecordingContainerFactory(), listener).close())
			.withMessageContaining(listener.getName() + ".on(")
			.withMessageContaining("of bean '")
			.withMessageContaining("is not for a batch")
			.withMessageContaining("List<QueueMessage>");
	}

	@ParameterizedTest
	@ValueSource(classes = { Acknowledgments.class, Nested.class })
	void aListOfSomethingElseIsRefused(Class<?> listener) {
		assertThatExceptionOfType(InvalidListenerException.class)
			.isThrownBy(() -> ListenerContexts.with(new RecordingContainerFactory(), listener).close())
			.withMessageContaining("is not a list of payloads, QueueMessage or Message<T>");
	}

	private List<@Nullable Object> call(Recording listener, QueueMessage... messages) throws Exception {
		return call(listener, new RecordingContainerFactory(), List.of(messages));
	}

	private List<@Nullable Object> call(Recording listener, RecordingContainerFactory factory,
			List<QueueMessage> messages) throws Exception {
		try (var context = ListenerContexts.with(Map.of(), (each) -> {
			each.registerBean(RecordingContainerFactory.class, () -> factory);
			each.registerBean(NotBen.class, NotBen::new);
			each.registerBean("listener", Recording.class, () -> listener);
		})) {
			factory.endpoint().listener().onMessages(messages, Deliveries.ACKNOWLEDGMENT);
			return listener.arguments;
		}
	}

	record Email(String to) {
	}

	/** Is found without being configured. */
	static class NotBen implements Validator {

		@Override
		public boolean supports(Class<?> type) {
			return type == Email.class;
		}

		@Override
		public void validate(Object target, Errors errors) {
			if (((Email) target).to().equals("ben")) {
				errors.reject("ben", "not ben");
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

	static class Payloads extends Recording {

		@PgqrsListener(queues = "emails", batch = "true")
		void on(List<Email> emails, Acknowledgment acknowledgment) {
			record(emails, acknowledgment);
		}

	}

	static class Generics extends Recording {

		@PgqrsListener(queues = "emails", batch = "true")
		void on(List<Map<String, List<Email>>> emails) {
			record(emails);
		}

	}

	abstract static class BatchListener<T> extends Recording {

		@PgqrsListener(queues = "emails", batch = "true")
		void on(List<T> payloads) {
			record(payloads);
		}

	}

	static class EmailListener extends BatchListener<Email> {

	}

	static class Texts extends Recording {

		@PgqrsListener(queues = "emails", batch = "true")
		void on(Collection<String> texts) {
			record(texts);
		}

	}

	@SuppressWarnings("rawtypes")
	static class Raw extends Recording {

		@PgqrsListener(queues = "emails", batch = "true")
		void on(List payloads) {
			record(payloads);
		}

	}

	static class QueueMessages extends Recording {

		@PgqrsListener(queues = "emails", batch = "true")
		void on(List<QueueMessage> messages) {
			record(messages);
		}

	}

	static class SpringMessages extends Recording {

		@PgqrsListener(queues = "emails", batch = "true")
		void on(List<Message<Email>> messages) {
			record(messages);
		}

	}

	static class Undecided extends Recording {

		@PgqrsListener("emails")
		void on(List<Email> emails) {
			record(emails);
		}

	}

	static class ValidPayloads extends Recording {

		@PgqrsListener(queues = "emails", batch = "true")
		void on(@Validated List<Email> emails) {
			record(emails);
		}

	}

	static class Failing extends Recording {

		@PgqrsListener(queues = "emails", batch = "true")
		void on(List<QueueMessage> messages) {
			throw new IllegalStateException("no");
		}

	}

	static class OnePayload {

		@PgqrsListener(queues = "emails", batch = "true")
		void on(Email email) {
		}

	}

	static class OneQueueMessage {

		@PgqrsListener(queues = "emails", batch = "true")
		void on(QueueMessage message) {
		}

	}

	static class OneMessage {

		@PgqrsListener(queues = "emails", batch = "true")
		void on(Message<Email> message) {
		}

	}

	static class AnObject {

		@PgqrsListener(queues = "emails", batch = "true")
		void on(Object object) {
		}

	}

	static class AHeader {

		@PgqrsListener(queues = "emails", batch = "true")
		void on(List<Email> emails, @Header String tenant) {
		}

	}

	static class AllHeaders {

		@PgqrsListener(queues = "emails", batch = "true")
		void on(@Headers Map<String, Object> headers) {
		}

	}

	static class AllMessageHeaders {

		@PgqrsListener(queues = "emails", batch = "true")
		void on(MessageHeaders headers) {
		}

	}

	static class AnArray {

		@PgqrsListener(queues = "emails", batch = "true")
		void on(Email[] emails) {
		}

	}

	static class Acknowledgments {

		@PgqrsListener(queues = "emails", batch = "true")
		void on(List<Acknowledgment> acknowledgments) {
		}

	}

	static class Nested {

		@PgqrsListener(queues = "emails", batch = "true")
		void on(List<Map<String, QueueMessage>> messages) {
		}

	}

}

package io.pgqrs.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;
import org.springframework.messaging.handler.annotation.MessageMapping;

/**
 * Makes a method the listener of one or more queues. Each annotation has a container of
 * its own, which starts and stops with the application context.
 * <p>
 * When the method returns, its message is done; when it throws, the message is tried
 * again after a backoff, and becomes a dead letter when its attempts are used up. What
 * the method returns is ignored; it must not return before the work is done.
 * <p>
 * The method can have these parameters:
 * <ul>
 * <li>the payload, of any type that its JSON can be read as; a {@code String} is the
 * content of a JSON string, or the text of any other JSON. No annotation is needed.
 * {@link org.springframework.messaging.handler.annotation.Payload @Payload} can make it
 * optional, as do {@code Optional} and {@code @Nullable}; {@code @Valid} and
 * {@code @Validated} have it validated.</li>
 * <li>{@link io.pgqrs.QueueMessage}, or {@link org.springframework.messaging.Message
 * Message}{@code <T>} with the payload as T</li>
 * <li>{@link org.springframework.messaging.handler.annotation.Header @Header}, for the
 * sender's headers and those in {@link io.pgqrs.listener.PgqrsHeaders}</li>
 * <li>{@link org.springframework.messaging.handler.annotation.Headers @Headers}
 * {@code Map<String, Object>} for all headers, {@code Map<String, String>} for the
 * sender's, or {@link org.springframework.messaging.MessageHeaders}</li>
 * <li>{@link io.pgqrs.listener.Acknowledgment}, for manual acknowledgment</li>
 * </ul>
 * If {@link #batch()} is true: a {@code List} of payloads, of {@code QueueMessage} or of
 * {@code Message<T>}, and {@code Acknowledgment}. A {@code @Valid} list has each of its
 * payloads validated. A payload that cannot be read or is not valid becomes a dead letter
 * without the rest of its batch.
 * <p>
 * All attributes can hold <code>${...}</code> placeholders and <code>#{...}</code>
 * expressions, which may yield objects. What is empty, or resolves to that, is up to the
 * container factory. The annotation can be repeated, and put on other annotations. Where
 * a method overrides another, the annotations on it replace those on the other.
 *
 * @since 0.1
 * @see EnablePgqrs
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@MessageMapping
@Repeatable(PgqrsListeners.class)
public @interface PgqrsListener {

	/**
	 * The same as {@link #queues()}.
	 * @return names of queues
	 */
	@AliasFor("queues")
	String[] value() default {};

	/**
	 * What to listen to. Each element is a name or names with commas between them; an
	 * expression can also yield an array or an {@code Iterable} of names.
	 * @return names of queues, at least one
	 */
	@AliasFor("value")
	String[] queues() default {};

	/**
	 * Id of the listener, by which
	 * {@link io.pgqrs.listener.PgqrsListenerEndpointRegistry} knows its container.
	 * @return unique among all listeners; default is the method's name with that of its
	 * class, and a number
	 */
	String id() default "";

	/**
	 * What makes the container: the name of a
	 * {@link io.pgqrs.listener.PgqrsListenerContainerFactory} bean, or an expression that
	 * yields one.
	 * @return default is the bean
	 * {@value PgqrsListenerConfigUtils#DEFAULT_CONTAINER_FACTORY_BEAN_NAME}, or else the
	 * only one of its type
	 */
	String containerFactory() default "";

	/**
	 * How many messages, or batches, are handled at once.
	 * @return a number, at least 1
	 */
	String concurrency() default "";

	/**
	 * How many messages one claim returns at the most.
	 * @return a number, at least 1
	 */
	String batchSize() default "";

	/**
	 * Whether the method takes all messages of a claim at once.
	 * @return true or false
	 */
	String batch() default "";

	/**
	 * When a message counts as handled.
	 * @return the name of an {@link io.pgqrs.listener.AckMode}, such as {@code manual} or
	 * {@code on-success}
	 */
	String ackMode() default "";

	/**
	 * How long a lease lasts that is not extended, which the container does as long as
	 * the method runs.
	 * @return a duration such as {@code 30s}, {@code PT30S} or {@code 500}, which are
	 * milliseconds; default is the queue's setting
	 */
	String visibilityTimeout() default "";

	/**
	 * How often to look for messages that no wake-up announced.
	 * @return a duration such as {@code 30s}, {@code PT30S} or {@code 500}, which are
	 * milliseconds
	 */
	String pollInterval() default "";

	/**
	 * How many deliveries a message may have before it becomes a dead letter.
	 * @return a number, at least 1; default is the queue's setting
	 */
	String maxAttempts() default "";

	/**
	 * Whether the container starts with the application context.
	 * @return true or false
	 */
	String autoStartup() default "";

	/**
	 * What sees the exceptions of the method first: the name of a
	 * {@link io.pgqrs.listener.PgqrsListenerErrorHandler} bean, or an expression that
	 * yields one.
	 * @return default is none
	 */
	String errorHandler() default "";

}

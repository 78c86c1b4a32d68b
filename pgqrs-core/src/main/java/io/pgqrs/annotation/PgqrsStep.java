package io.pgqrs.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;
import org.springframework.core.annotation.AliasFor;

/**
 * Marks a method of a bean as a step of workflows: called by the thread that executes a
 * run it is remembered, as with {@link io.pgqrs.workflow.WorkflowContext#step}; anywhere
 * else, and inside of another step, it is a plain call.
 * <p>
 * The step is remembered by its name, not by its arguments: the second call in a run is
 * another step, {@code name#2}. Its result has to survive being written as JSON and read
 * back.
 * <p>
 * The call has to come through the bean's proxy, so the method must not be private,
 * static or final, and its class not final. A call of the class's own method on
 * {@code this} passes the proxy by; where that is visible in a class, the application
 * does not start. What else the proxy does, such as {@code @Transactional} or a retry,
 * happens inside of the step.
 * <p>
 * The annotation can be put on a method of an interface, and on other annotations.
 *
 * @since 0.1
 * @see EnablePgqrs
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(WorkflowReflectiveProcessor.class)
public @interface PgqrsStep {

	/**
	 * Name of the step; alias of {@link #name}.
	 * @return empty for the name of the method
	 */
	@AliasFor("name")
	String value() default "";

	/**
	 * Name of the step in its run.
	 * @return empty for the name of the method
	 */
	@AliasFor("value")
	String name() default "";

	/**
	 * Whether the method and the record of the step are one transaction: what the method
	 * does in this database then happens exactly once.
	 * @return default false
	 */
	boolean transactional() default false;

	/**
	 * How often the method is called before the step fails.
	 * @return at least 1
	 */
	int maxAttempts() default 3;

	/**
	 * Delay after the first failure.
	 * @return a duration such as {@code 1s}; may be a placeholder
	 */
	String initialBackoff() default "1s";

	/**
	 * Growth of the delay from failure to failure.
	 * @return at least 1
	 */
	double backoffMultiplier() default 2;

	/**
	 * The longest delay.
	 * @return a duration such as {@code 60s}; may be a placeholder
	 */
	String maxBackoff() default "60s";

	/**
	 * After what time the method is interrupted, which counts as a failure.
	 * @return a duration such as {@code 10s}; may be a placeholder; empty for never
	 */
	String timeout() default "";

}

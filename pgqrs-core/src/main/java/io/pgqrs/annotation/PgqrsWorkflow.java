package io.pgqrs.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;
import org.springframework.core.annotation.AliasFor;

/**
 * Marks a method as the code of a durable workflow, and gives it a container that
 * executes its runs.
 * <p>
 * The method takes a {@link io.pgqrs.workflow.WorkflowContext} and the input, or one of
 * them, or nothing, and returns the result or nothing. It is called again from the
 * beginning whenever a run goes on after a crash, a sleep or a retry: whatever has an
 * effect, or can be different from one call to the next, belongs into a step.
 * <p>
 * All attributes take <code>${...}</code> placeholders and <code>#{...}</code>
 * expressions; what is left empty, but for the name, is inherited from the settings of
 * the application. The annotation can be put on a method of an interface, and on other
 * annotations. Where a method overrides another, the annotation on it replaces that on
 * the other.
 *
 * @since 0.1
 * @see PgqrsStep
 * @see EnablePgqrs
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(WorkflowReflectiveProcessor.class)
public @interface PgqrsWorkflow {

	/**
	 * Name of the workflow; alias of {@link #name}.
	 * @return 1 to 180 characters; empty for the name of the method
	 */
	@AliasFor("name")
	String value() default "";

	/**
	 * Name of the workflow. Runs are stored with it: a workflow whose steps change so
	 * that old runs could not be replayed gets a new name.
	 * @return 1 to 180 characters; empty for the name of the method
	 */
	@AliasFor("value")
	String name() default "";

	/**
	 * How many runs this process executes at once.
	 * @return at least 1; empty to inherit
	 */
	String concurrency() default "";

	/**
	 * How long a lease of a run lasts; the container extends it as long as the run is
	 * being executed.
	 * @return a duration such as {@code 30s}; empty to inherit
	 */
	String visibilityTimeout() default "";

	/**
	 * Whether runs are executed as soon as the application has started.
	 * @return true or false; empty to inherit
	 */
	String autoStartup() default "";

}

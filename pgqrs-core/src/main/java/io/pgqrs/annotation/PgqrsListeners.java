package io.pgqrs.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Several {@link PgqrsListener}s of one method. Not needed: the annotation can be
 * repeated.
 *
 * @since 0.1
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface PgqrsListeners {

	/**
	 * The listeners.
	 * @return one container each
	 */
	PgqrsListener[] value();

}

package io.pgqrs.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.context.annotation.Import;

/**
 * Makes the methods marked with {@link PgqrsListener} listeners, in an application
 * without Spring Boot. To be put on a {@code @Configuration}, which has to define a
 * {@link io.pgqrs.listener.PgqrsListenerContainerFactory} bean named
 * {@value PgqrsListenerConfigUtils#DEFAULT_CONTAINER_FACTORY_BEAN_NAME}.
 *
 * @since 0.1
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Import(PgqrsBootstrapConfiguration.Selector.class)
public @interface EnablePgqrs {

}

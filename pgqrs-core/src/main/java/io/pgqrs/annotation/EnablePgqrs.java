package io.pgqrs.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.context.annotation.Import;

/**
 * Makes the methods marked with {@link PgqrsListener} listeners, those marked with
 * {@link PgqrsWorkflow} workflows and those marked with {@link PgqrsStep} their steps, in
 * an application without Spring Boot. To be put on a {@code @Configuration}. If there are
 * listeners, it has to define a {@link io.pgqrs.listener.PgqrsListenerContainerFactory}
 * bean named {@value PgqrsListenerConfigUtils#DEFAULT_CONTAINER_FACTORY_BEAN_NAME}; if
 * there are workflows, a {@link io.pgqrs.workflow.WorkflowContainers} bean.
 *
 * @since 0.1
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Import(PgqrsBootstrapConfiguration.Selector.class)
public @interface EnablePgqrs {

}

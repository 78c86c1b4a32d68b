package io.pgqrs.annotation;

/**
 * Names of the beans behind {@link PgqrsListener}.
 *
 * @since 0.1
 */
public final class PgqrsListenerConfigUtils {

	/** What finds the annotated methods. */
	public static final String LISTENER_ANNOTATION_PROCESSOR_BEAN_NAME = "io.pgqrs.annotation.internalPgqrsListenerAnnotationProcessor";

	/** What holds the containers. */
	public static final String LISTENER_ENDPOINT_REGISTRY_BEAN_NAME = "pgqrsListenerEndpointRegistry";

	/** What makes the containers of listeners that name no factory. */
	public static final String DEFAULT_CONTAINER_FACTORY_BEAN_NAME = "pgqrsListenerContainerFactory";

	private PgqrsListenerConfigUtils() {
	}

}

package io.pgqrs.annotation;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.pgqrs.listener.PgqrsListenerEndpointRegistry;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

/** Application contexts with listeners. */
final class ListenerContexts {

	private ListenerContexts() {
	}

	/** With one factory and these listeners. */
	static AnnotationConfigApplicationContext with(RecordingContainerFactory factory, Class<?>... beans) {
		return with(Map.of(), (context) -> {
			context.registerBean(PgqrsListenerConfigUtils.DEFAULT_CONTAINER_FACTORY_BEAN_NAME,
					RecordingContainerFactory.class, () -> factory);
			List.of(beans).forEach(context::register);
		});
	}

	static AnnotationConfigApplicationContext with(Map<String, Object> properties,
			Consumer<AnnotationConfigApplicationContext> customizer) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		try {
			context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", properties));
			context.register(Pgqrs.class);
			customizer.accept(context);
			context.refresh();
			return context;
		}
		catch (RuntimeException ex) {
			context.close();
			throw ex;
		}
	}

	static PgqrsListenerEndpointRegistry registry(AnnotationConfigApplicationContext context) {
		return context.getBean(PgqrsListenerEndpointRegistry.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnablePgqrs
	static class Pgqrs {

	}

}

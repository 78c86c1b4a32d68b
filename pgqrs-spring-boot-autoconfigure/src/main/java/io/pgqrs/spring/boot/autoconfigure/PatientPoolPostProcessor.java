package io.pgqrs.spring.boot.autoconfigure;

import com.zaxxer.hikari.HikariDataSource;
import io.pgqrs.StartupFailurePolicy;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Lets a pool begin without a database, where the application is to start without one.
 * Otherwise the pool would be made anew, with a line in the log, for each attempt to get
 * a connection.
 */
final class PatientPoolPostProcessor implements BeanPostProcessor {

	/** The pool begins, and waits for its first connection only in who asks for one. */
	private static final long NO_CHECK = -1;

	private static final long DEFAULT = 1;

	private final ObjectProvider<PgqrsProperties> properties;

	PatientPoolPostProcessor(ObjectProvider<PgqrsProperties> properties) {
		this.properties = properties;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean instanceof HikariDataSource pool && pool.getInitializationFailTimeout() == DEFAULT
				&& this.properties.getObject().getStartupFailurePolicy() == StartupFailurePolicy.RETRY) {
			pool.setInitializationFailTimeout(NO_CHECK);
		}
		return bean;
	}

}

package io.pgqrs.spring.boot.autoconfigure;

import java.util.Set;

import io.pgqrs.PgqrsAdmin;
import io.pgqrs.PgqrsOperations;
import io.pgqrs.QueueCatalog;
import io.pgqrs.workflow.WorkflowOperations;

import org.springframework.boot.sql.init.dependency.AbstractBeansOfTypeDependsOnDatabaseInitializationDetector;

/**
 * Detects what needs the tables, whoever made the bean.
 */
final class PgqrsDependsOnDatabaseInitializationDetector
		extends AbstractBeansOfTypeDependsOnDatabaseInitializationDetector {

	@Override
	protected Set<Class<?>> getDependsOnDatabaseInitializationBeanTypes() {
		return Set.of(QueueCatalog.class, PgqrsOperations.class, PgqrsAdmin.class, WorkflowOperations.class);
	}

}

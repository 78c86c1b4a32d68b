package io.pgqrs.listener;

import io.pgqrs.FailurePolicy;
import io.pgqrs.QueueCatalog;
import io.pgqrs.WakeUps;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.support.PayloadJson;
import io.pgqrs.support.micrometer.Instrumentation;

import org.springframework.core.task.TaskExecutor;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * What a container works with.
 *
 * @param store the backend
 * @param catalog the queues
 * @param wakeUps wakes the container
 * @param json reads payloads
 * @param worker this process
 * @param failurePolicy decides on failed messages
 * @param transactionManager begins the transactions of listeners
 * @param taskExecutor runs the container's threads
 * @param instrumentation where the container reports what it does
 * @param phase of the container's lifecycle
 */
record ContainerContext(PgqrsStore store, QueueCatalog catalog, WakeUps wakeUps, PayloadJson json, PgqrsWorker worker,
		FailurePolicy failurePolicy, PlatformTransactionManager transactionManager, TaskExecutor taskExecutor,
		Instrumentation instrumentation, int phase) {
}

package io.pgqrs.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.pgqrs.BackoffFailurePolicy;
import io.pgqrs.FailurePolicy;
import io.pgqrs.QueueCatalog;
import io.pgqrs.WakeUps;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.support.PayloadJson;
import io.pgqrs.support.micrometer.Instrumentation;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Makes containers that work on a {@link PgqrsStore}.
 *
 * @since 0.1
 */
public class DefaultPgqrsListenerContainerFactory implements PgqrsListenerContainerFactory {

	private final PgqrsStore store;

	private final QueueCatalog catalog;

	private final WakeUps wakeUps;

	private final PayloadJson json;

	private final PgqrsWorker worker;

	private final List<Consumer<ContainerOptions.Builder>> customizers = new ArrayList<>();

	private ContainerOptions options = ContainerOptions.builder().build();

	private FailurePolicy failurePolicy = new BackoffFailurePolicy();

	private PlatformTransactionManager transactionManager;

	private TaskExecutor taskExecutor;

	private Instrumentation instrumentation = Instrumentation.NONE;

	private int phase = PgqrsListenerContainer.DEFAULT_PHASE;

	/**
	 * Makes a factory.
	 * @param store the backend
	 * @param catalog the queues
	 * @param wakeUps wakes the containers
	 * @param json reads payloads
	 * @param worker this process, in whose name containers claim
	 */
	public DefaultPgqrsListenerContainerFactory(PgqrsStore store, QueueCatalog catalog, WakeUps wakeUps,
			PayloadJson json, PgqrsWorker worker) {
		this.store = store;
		this.catalog = catalog;
		this.wakeUps = wakeUps;
		this.json = json;
		this.worker = worker;
		this.transactionManager = new DataSourceTransactionManager(store.dataSource());
		this.taskExecutor = new SimpleAsyncTaskExecutor("pgqrs-");
	}

	/**
	 * Sets what containers do unless their listener asks for something else.
	 * @param options the defaults
	 */
	public void setOptions(ContainerOptions options) {
		this.options = options;
	}

	/**
	 * Changes the options of every container, last of all.
	 * @param customizer changes options
	 */
	public void addOptionsCustomizer(Consumer<ContainerOptions.Builder> customizer) {
		this.customizers.add(customizer);
	}

	/**
	 * Sets what becomes of a message whose listener threw.
	 * @param failurePolicy default is a {@link BackoffFailurePolicy}
	 */
	public void setFailurePolicy(FailurePolicy failurePolicy) {
		this.failurePolicy = failurePolicy;
	}

	/**
	 * Sets the transactions of listeners in {@link AckMode#TRANSACTIONAL}.
	 * @param transactionManager of the data source that holds the queue; default is a
	 * {@link DataSourceTransactionManager}
	 */
	public void setTransactionManager(PlatformTransactionManager transactionManager) {
		this.transactionManager = transactionManager;
	}

	/**
	 * Sets where the threads of containers come from: for each container its handlers and
	 * two more, for as long as it runs.
	 * @param taskExecutor must have that many threads to spare; default makes new ones
	 */
	public void setTaskExecutor(TaskExecutor taskExecutor) {
		this.taskExecutor = taskExecutor;
	}

	/**
	 * Sets where containers report what they do.
	 * @param instrumentation default is {@link Instrumentation#NONE}
	 */
	public void setInstrumentation(Instrumentation instrumentation) {
		this.instrumentation = instrumentation;
	}

	/**
	 * Sets the phase of containers that are beans of their own.
	 * @param phase default {@link PgqrsListenerContainer#DEFAULT_PHASE}
	 */
	public void setPhase(int phase) {
		this.phase = phase;
	}

	@Override
	public PgqrsListenerContainer createContainer(PgqrsListenerEndpoint endpoint) {
		ContainerOptions.Builder builder = endpoint.over(this.options).toBuilder();
		this.customizers.forEach((customizer) -> customizer.accept(builder));
		return new DefaultPgqrsListenerContainer(endpoint, builder.build(),
				new ContainerContext(this.store, this.catalog, this.wakeUps, this.json, this.worker, this.failurePolicy,
						this.transactionManager, this.taskExecutor, this.instrumentation, this.phase));
	}

}

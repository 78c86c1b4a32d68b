package io.pgqrs.benchmarks.contender;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;

import dev.dbos.transact.StartWorkflowOptions;
import dev.dbos.transact.workflow.Queue;
import dev.dbos.transact.workflow.Workflow;
import io.pgqrs.benchmarks.Names;
import io.pgqrs.benchmarks.database.Database;

/**
 * Workflows of DBOS Transact without steps, as messages. It has no settings for
 * consumers, batches and archives: all of them are kept.
 */
public final class DbosQueue implements QueueContender {

	@Override
	public String name() {
		return Names.DBOS;
	}

	@Override
	public boolean worksOn(Database database) {
		return database.isPostgres();
	}

	@Override
	public JobQueue open(Database database, QueueSettings settings) {
		return new Messages(database, settings.poolSize());
	}

	/** The workflow, as DBOS wants it. */
	public interface Handler {

		void handle(long value);

	}

	/** Passes the message on. */
	public static final class PassingHandler implements Handler {

		private final AtomicReference<LongConsumer> handler;

		PassingHandler(AtomicReference<LongConsumer> handler) {
			this.handler = handler;
		}

		@Override
		@Workflow(name = "message")
		public void handle(long value) {
			this.handler.get().accept(value);
		}

	}

	private static final class Messages implements JobQueue {

		private final Queue queue = new Queue("benchmark").withPollingInterval(Dbos.POLLING_INTERVAL);

		private final StartWorkflowOptions options = new StartWorkflowOptions().withQueue(this.queue);

		private final AtomicReference<LongConsumer> handler = new AtomicReference<>((value) -> {
		});

		private final DbosRuntime<Handler> runtime;

		private final RunCount left;

		Messages(Database database, int poolSize) {
			this.runtime = new DbosRuntime<>(database, poolSize, Handler.class,
					(dbos) -> new PassingHandler(this.handler), List.of(this.queue));
			this.left = new RunCount(database, """
					SELECT count(*) FROM dbos.workflow_status WHERE status IN ('ENQUEUED', 'PENDING')
					""");
		}

		@Override
		public void fill(int messages) throws Exception {
			Callers.call(messages, this::enqueue);
		}

		@Override
		public void enqueue(long value) {
			Handler workflow = this.runtime.workflows();
			this.runtime.dbos().startWorkflow(() -> workflow.handle(value), this.options);
		}

		/** One by one: it knows nothing of transactions that are not its own. */
		@Override
		public void enqueueAll(List<Long> values) {
			values.forEach(this::enqueue);
		}

		@Override
		public void consume(LongConsumer handler) {
			this.handler.set(handler);
			this.runtime.listen();
		}

		@Override
		public boolean isDrained() {
			return this.left.count() == 0;
		}

		@Override
		public void close() {
			this.left.close();
			this.runtime.close();
		}

	}

}

package io.pgqrs;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.pgqrs.store.DeadLetterRecord;
import io.pgqrs.store.DeadLetterStore;
import io.pgqrs.store.MaintenanceStore;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.QueueRecord;
import io.pgqrs.store.Reclaimed;
import io.pgqrs.support.Batches;
import io.pgqrs.support.PayloadJson;
import io.pgqrs.support.micrometer.Instrumentation;

/**
 * Installs, inspects and steers: the schema, queues, dead letters, workers. A name that
 * does not exist is a {@link QueueNotFoundException}, whatever the strategy.
 *
 * @since 0.1
 */
public class PgqrsAdmin {

	private final PgqrsStore store;

	private final QueueCatalog catalog;

	private final WakeUps wakeUps;

	private Duration deadAfter = Duration.ofSeconds(30);

	private Instrumentation instrumentation = Instrumentation.NONE;

	/**
	 * Makes an admin.
	 * @param store the backend
	 * @param catalog the queues
	 * @param wakeUps is told of what becomes due
	 */
	public PgqrsAdmin(PgqrsStore store, QueueCatalog catalog, WakeUps wakeUps) {
		this.store = store;
		this.catalog = catalog;
		this.wakeUps = wakeUps;
	}

	/**
	 * Sets the silence after which a worker counts as dead.
	 * @param deadAfter default 30 s
	 */
	public void setDeadAfter(Duration deadAfter) {
		this.deadAfter = Arguments.positive("deadAfter", deadAfter);
	}

	/**
	 * Sets where to report what is reclaimed.
	 * @param instrumentation default is {@link Instrumentation#NONE}
	 */
	public void setInstrumentation(Instrumentation instrumentation) {
		this.instrumentation = instrumentation;
	}

	/**
	 * Creates the tables, or brings them up to the version of this library. Safe when
	 * several processes do it at once, and when there is nothing to do.
	 * @throws SchemaMismatchException if the schema is newer than this library
	 */
	public void install() {
		new PgqrsSchema(this.store.schema()).install();
	}

	/**
	 * Checks that the tables are those that this library needs. Changes nothing.
	 * @throws SchemaMismatchException if not
	 */
	public void verify() {
		new PgqrsSchema(this.store.schema()).verify();
	}

	/**
	 * Creates a queue with the default settings.
	 * @param name 1 to 200 characters
	 * @return the queue
	 * @throws QueueAlreadyExistsException if there is one of that name
	 */
	public QueueInfo createQueue(String name) {
		return createQueue(QueueDefinition.named(name));
	}

	/**
	 * Creates a queue.
	 * @param definition name and settings
	 * @return the queue
	 * @throws QueueAlreadyExistsException if there is one of that name
	 */
	public QueueInfo createQueue(QueueDefinition definition) {
		if (!this.store.queues().create(definition.name(), definition.settings())) {
			throw new QueueAlreadyExistsException(definition.name());
		}
		return queue(definition.name());
	}

	/**
	 * All queues.
	 * @return by name
	 */
	public List<QueueInfo> queues() {
		return this.store.queues().findAll().stream().map(QueueInfo::of).toList();
	}

	/**
	 * One queue.
	 * @param name its name
	 * @return the queue
	 */
	public QueueInfo queue(String name) {
		QueueRecord queue = this.store.queues().find(Arguments.queueName(name));
		if (queue == null) {
			throw new QueueNotFoundException(name);
		}
		return QueueInfo.of(queue);
	}

	/**
	 * Deletes an empty queue, with its archive.
	 * @param name its name
	 * @throws QueueNotEmptyException if it holds messages or dead letters
	 */
	public void deleteQueue(String name) {
		switch (this.store.queues().delete(Arguments.queueName(name))) {
			case DELETED -> this.catalog.forget(name);
			case NOT_FOUND -> throw new QueueNotFoundException(name);
			case NOT_EMPTY -> throw new QueueNotEmptyException(name);
		}
	}

	/**
	 * Deletes all messages of a queue, pending and in flight. Handlers that run go on,
	 * and find that they lost their lease. Archive and dead letters stay. The queue of a
	 * workflow is refused: its runs can be cancelled.
	 * @param name its name
	 * @return how many
	 */
	public int purgeQueue(String name) {
		queue(Arguments.messageQueueName(name));
		return this.store.queues().purge(name);
	}

	/**
	 * Stops all consumers in all processes from claiming. Messages in flight are
	 * completed; enqueueing goes on.
	 * @param name its name
	 */
	public void pauseQueue(String name) {
		setPaused(name, true);
	}

	/**
	 * Lets consumers claim again.
	 * @param name its name
	 */
	public void resumeQueue(String name) {
		setPaused(name, false);
		this.wakeUps.becomesDue(name, Duration.ZERO);
	}

	private void setPaused(String name, boolean paused) {
		if (!this.store.queues().setPaused(Arguments.queueName(name), paused)) {
			throw new QueueNotFoundException(name);
		}
	}

	/**
	 * What a queue holds.
	 * @param queue its name
	 * @return the figures, none above {@link QueueMetrics#COUNT_LIMIT}
	 */
	public QueueMetrics metrics(String queue) {
		return this.store.queues()
			.counts(Arguments.queueName(queue))
			.stream()
			.findFirst()
			.map(QueueMetrics::of)
			.orElseThrow(() -> new QueueNotFoundException(queue));
	}

	/**
	 * What all queues hold.
	 * @return by name, no figure above {@link QueueMetrics#COUNT_LIMIT}
	 */
	public List<QueueMetrics> metrics() {
		return metrics(QueueMetrics.COUNT_LIMIT);
	}

	/**
	 * What all queues hold. Always ask with the same limit: the database has a statement
	 * for each.
	 * @param countLimit no figure is counted beyond it; at least 1
	 * @return by name
	 */
	public List<QueueMetrics> metrics(int countLimit) {
		return this.store.queues()
			.counts(null, Arguments.atLeastOne("countLimit", countLimit))
			.stream()
			.map(QueueMetrics::of)
			.toList();
	}

	/**
	 * Messages of a queue that were given up.
	 * @param queue its name
	 * @param limit how many at the most, at least 1
	 * @return the youngest first
	 */
	public List<DeadLetter> deadLetters(String queue, int limit) {
		queue(queue);
		return this.store.deadLetters()
			.find(queue, Arguments.atLeastOne("limit", limit))
			.stream()
			.map((letter) -> deadLetter(queue, letter))
			.toList();
	}

	/**
	 * Messages of a queue that were given up, page by page.
	 * @param queue its name
	 * @param limit how many at the most, at least 1
	 * @param behind the last one of the page before, which need not exist any more
	 * @return the youngest first
	 */
	public List<DeadLetter> deadLetters(String queue, int limit, DeadLetter.Position behind) {
		queue(queue);
		return this.store.deadLetters()
			.find(queue, Arguments.atLeastOne("limit", limit),
					new DeadLetterStore.Position(behind.diedAt(), behind.id()))
			.stream()
			.map((letter) -> deadLetter(queue, letter))
			.toList();
	}

	/**
	 * A message, wherever it is: pending, in flight, archived or dead.
	 * @param messageId its id
	 * @return empty if there is none, or it was completed without a trace
	 */
	public Optional<MessageInfo> message(long messageId) {
		return Optional.ofNullable(this.store.messages().find(messageId)).map(MessageInfo::of);
	}

	private static DeadLetter deadLetter(String queue, DeadLetterRecord letter) {
		return new DeadLetter(letter.id(), queue, letter.payload(), PayloadJson.readHeaders(letter.headers()),
				letter.attempts(), letter.error(), letter.enqueuedAt(), letter.diedAt());
	}

	/**
	 * Puts a dead letter back into its queue, due now, attempts from zero.
	 * @param messageId its id
	 * @return false if there is no such dead letter, or a message with its deduplication
	 * key is pending, in which case it stays
	 */
	public boolean replay(long messageId) {
		String queue = this.store.deadLetters().replay(messageId);
		if (queue == null) {
			return false;
		}
		this.wakeUps.becomesDue(queue, Duration.ZERO);
		return true;
	}

	/**
	 * Puts all dead letters of a queue back.
	 * @param queue its name
	 * @return how many
	 */
	public int replayAll(String queue) {
		queue(queue);
		int replayed = this.store.deadLetters().replayAll(queue);
		if (replayed > 0) {
			this.wakeUps.becomesDue(queue, Duration.ZERO);
		}
		return replayed;
	}

	/**
	 * Deletes all dead letters of a queue.
	 * @param queue its name
	 * @return how many
	 */
	public int purgeDeadLetters(String queue) {
		queue(queue);
		return this.store.deadLetters().purge(queue);
	}

	/**
	 * Deletes at once what has outlived its retention, in bounded batches: archived
	 * messages, dead letters, and runs of workflows that have ended. Running processes do
	 * so by themselves.
	 * @return how many
	 * @see Maintenance
	 */
	public int removeExpired() {
		MaintenanceStore maintenance = this.store.maintenance();
		return Batches.untilDone(RetentionTask.BATCH, maintenance::deleteArchived)
				+ Batches.untilDone(RetentionTask.BATCH, maintenance::deleteDeadLetters)
				+ Batches.untilDone(RetentionTask.BATCH, maintenance::deleteRuns);
	}

	/**
	 * The transaction that keeps dead rows alive for longest.
	 * @return empty if there is none, this is SQLite, or the database does not tell
	 */
	public Optional<OpenTransaction> oldestTransaction() {
		return Optional.ofNullable(this.store.maintenance().oldestTransaction()).map(OpenTransaction::of);
	}

	/**
	 * Processes that consume, or did.
	 * @return the youngest first
	 */
	public List<WorkerInfo> workers() {
		return this.store.workers().findAll().stream().map(WorkerInfo::of).toList();
	}

	/**
	 * Frees at once what dead workers held. Running processes do so by themselves.
	 * @return how many messages were freed
	 */
	public int reclaim() {
		Reclaimed reclaimed = this.store.workers().reclaim(this.deadAfter);
		reclaimed.messages().forEach(this.instrumentation.events()::reclaimed);
		reclaimed.messages().keySet().forEach((queue) -> this.wakeUps.becomesDue(queue, Duration.ZERO));
		return reclaimed.total();
	}

}

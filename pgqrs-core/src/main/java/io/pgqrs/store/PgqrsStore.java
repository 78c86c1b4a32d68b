package io.pgqrs.store;

import java.util.function.Supplier;

import javax.sql.DataSource;

/**
 * A backend: everything pgqrs does in one database, by table.
 * <p>
 * Every call joins the transaction that Spring has bound to the thread for
 * {@link #dataSource()}; without one it commits by itself. Failures of the database are
 * Spring's {@code DataAccessException}s.
 *
 * @since 0.1
 */
public interface PgqrsStore {

	/**
	 * Name of the database product, for messages and logs.
	 * @return such as {@code PostgreSQL}
	 */
	String database();

	/**
	 * The data source that the store works on: the one that was given, made ready for its
	 * database.
	 * @return the data source to build transaction managers on
	 */
	DataSource dataSource();

	/**
	 * Runs several calls in one transaction: the caller's, or one of their own.
	 * @param <T> type of the result
	 * @param work the calls
	 * @return what the work returns
	 */
	<T> T inTransaction(Supplier<T> work);

	/**
	 * The tables themselves.
	 * @return the schema
	 */
	SchemaStore schema();

	/**
	 * Queues and their settings.
	 * @return the queues
	 */
	QueueStore queues();

	/**
	 * Messages that are pending or in flight.
	 * @return the messages
	 */
	MessageStore messages();

	/**
	 * Messages that were given up.
	 * @return the dead letters
	 */
	DeadLetterStore deadLetters();

	/**
	 * Runs of workflows.
	 * @return the runs
	 */
	WorkflowRunStore runs();

	/**
	 * What runs of workflows record.
	 * @return the steps
	 */
	WorkflowStepStore steps();

	/**
	 * Processes that consume.
	 * @return the workers
	 */
	WorkerStore workers();

	/**
	 * What is to be done now and then.
	 * @return the maintenance
	 */
	MaintenanceStore maintenance();

	/**
	 * Whether the database answers, as this process sees it.
	 * @return one for all parts of the process
	 */
	Availability availability();

	/**
	 * Carries wake-ups to other processes.
	 * @return a transport that does nothing where the database has no such thing
	 */
	WakeUpTransport wakeUps();

}

package io.pgqrs.benchmarks.contender;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import com.zaxxer.hikari.HikariDataSource;
import dev.dbos.transact.DBOS;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Queue;
import io.pgqrs.benchmarks.database.Database;
import org.jspecify.annotations.Nullable;

/**
 * What a process has that uses DBOS Transact. Whether it listens to queues is decided
 * when it is launched.
 *
 * @param <T> interface of the workflows
 */
final class DbosRuntime<T> implements AutoCloseable {

	private final HikariDataSource pool;

	private final Class<T> type;

	private final Function<DBOS, ? extends T> workflows;

	private final List<Queue> queues;

	private volatile @Nullable Launched<T> launched;

	/**
	 * Makes the tables, and listens to no queue.
	 * @param database is empty
	 * @param poolSize connections in the pool
	 * @param type interface of the workflows
	 * @param workflows makes them
	 * @param queues what there is to listen to
	 */
	DbosRuntime(Database database, int poolSize, Class<T> type, Function<DBOS, ? extends T> workflows,
			List<Queue> queues) {
		this.type = type;
		this.workflows = workflows;
		this.queues = queues;
		this.pool = database.pool(poolSize);
		try {
			// A set of queues without any stands for all of them.
			launch(config().withListenQueue("none"));
		}
		catch (RuntimeException ex) {
			this.pool.close();
			throw ex;
		}
	}

	// The version is otherwise computed from the byte code.
	private DBOSConfig config() {
		return DBOSConfig.defaults("benchmark").withDataSource(this.pool).withAppVersion("1");
	}

	private void launch(DBOSConfig config) {
		DBOS dbos = new DBOS(config);
		try {
			T proxy = dbos.registerProxy(this.type, this.workflows.apply(dbos));
			this.queues.forEach(dbos::registerQueue);
			dbos.launch();
			this.launched = new Launched<>(dbos, proxy);
		}
		catch (RuntimeException ex) {
			dbos.close();
			throw ex;
		}
	}

	/** Begins to listen to all queues. */
	void listen() {
		shutdown();
		launch(config());
	}

	DBOS dbos() {
		return Objects.requireNonNull(this.launched).dbos();
	}

	/** The workflows, to be called. */
	T workflows() {
		return Objects.requireNonNull(this.launched).workflows();
	}

	private void shutdown() {
		Launched<T> running = this.launched;
		this.launched = null;
		if (running != null) {
			running.dbos().close();
		}
	}

	@Override
	public void close() {
		shutdown();
		this.pool.close();
	}

	private record Launched<T>(DBOS dbos, T workflows) {
	}

}

package io.pgqrs.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.postgres.PostgresStore;

import org.springframework.jdbc.core.simple.JdbcClient;

/** A schema in {@link TestPostgres}, reached by a URL that may lead through a pooler. */
final class PostgresTestDatabase implements TestDatabase {

	private static final Pattern TABLE = Pattern.compile("\\bpgqrs_\\w+");

	private static final List<String> ELAPSE = List.of("""
			UPDATE pgqrs_messages SET visible_at = visible_at - :time * interval '1 millisecond',
				enqueued_at = enqueued_at - :time * interval '1 millisecond',
				claimed_at = claimed_at - :time * interval '1 millisecond'""", """
			UPDATE pgqrs_archive SET archived_at = archived_at - :time * interval '1 millisecond',
				enqueued_at = enqueued_at - :time * interval '1 millisecond'""", """
			UPDATE pgqrs_dead_letters SET died_at = died_at - :time * interval '1 millisecond',
				enqueued_at = enqueued_at - :time * interval '1 millisecond'""", """
			UPDATE pgqrs_workers SET started_at = started_at - :time * interval '1 millisecond',
				heartbeat_at = heartbeat_at - :time * interval '1 millisecond'""", """
			UPDATE pgqrs_workflow_runs SET created_at = created_at - :time * interval '1 millisecond',
				due_at = due_at - :time * interval '1 millisecond',
				started_at = started_at - :time * interval '1 millisecond',
				completed_at = completed_at - :time * interval '1 millisecond',
				deadline_at = deadline_at - :time * interval '1 millisecond'""", """
			UPDATE pgqrs_workflow_steps SET started_at = started_at - :time * interval '1 millisecond',
				completed_at = completed_at - :time * interval '1 millisecond',
				wake_at = wake_at - :time * interval '1 millisecond'""", """
			UPDATE pgqrs_workflow_signals SET created_at = created_at - :time * interval '1 millisecond'""", """
			UPDATE pgqrs_maintenance SET due_at = due_at - :time * interval '1 millisecond'""");

	private final List<PgqrsStore> stores = new ArrayList<>();

	private final List<HikariDataSource> pools = new ArrayList<>();

	private final TestPostgres server = TestPostgres.instance();

	private final String schema = this.server.newSchema();

	private final String url;

	private final PgqrsStore store;

	PostgresTestDatabase(String url, UnaryOperator<DataSource> decorator) {
		this.url = url;
		this.store = newStore(decorator);
		this.store.schema().migrate();
	}

	private PgqrsStore newStore(UnaryOperator<DataSource> decorator) {
		HikariDataSource pool = TestPostgres.pool(this.url);
		this.pools.add(pool);
		PgqrsStore store = PostgresStore.create(decorator.apply(pool), this.schema, TestPostgres.direct(this.url));
		this.stores.add(store);
		return store;
	}

	@Override
	public PgqrsStore store() {
		return this.store;
	}

	@Override
	public PgqrsStore anotherStore() {
		return newStore(UnaryOperator.identity());
	}

	@Override
	public JdbcClient.StatementSpec sql(String sql) {
		return JdbcClient.create(this.store.dataSource())
			.sql(TABLE.matcher(sql).replaceAll("\"" + this.schema + "\".$0"));
	}

	@Override
	public void elapse(Duration time) {
		transaction().executeWithoutResult(
				(status) -> ELAPSE.forEach((sql) -> sql(sql).param("time", time.toMillis()).update()));
	}

	@Override
	public void close() {
		this.stores.forEach((store) -> store.wakeUps().close());
		JdbcClient.create(this.server.direct()).sql("DROP SCHEMA \"" + this.schema + "\" CASCADE").update();
		this.pools.forEach(HikariDataSource::close);
	}

}

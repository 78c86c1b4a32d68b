package io.pgqrs.test;

import java.time.Duration;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import io.pgqrs.store.PgqrsStore;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * An installed store with nothing in it, and what tests need of its database that the
 * store does not offer. One for each test class is enough, as each test has its own
 * queues.
 */
public interface TestDatabase extends AutoCloseable {

	/**
	 * A schema of its own in {@link TestPostgres}.
	 * @return a new database
	 */
	static TestDatabase postgres() {
		return postgres(UnaryOperator.identity());
	}

	/**
	 * A schema of its own in {@link TestPostgres}, behind a data source that looks on.
	 * @param decorator wraps the pool
	 * @return a new database
	 */
	static TestDatabase postgres(UnaryOperator<DataSource> decorator) {
		return new PostgresTestDatabase(TestPostgres.instance().url(), decorator);
	}

	/**
	 * A schema of its own in {@link TestPostgres}, for which all connections of the
	 * stores lead through a PgBouncer that pools transactions.
	 * @return a new database
	 */
	static TestDatabase pgBouncer() {
		return pgBouncer(TestPgBouncer.transactionPooling());
	}

	/**
	 * A schema of its own in {@link TestPostgres}, for which all connections of the
	 * stores lead through a PgBouncer.
	 * @param pooler the PgBouncer
	 * @return a new database
	 */
	static TestDatabase pgBouncer(TestPgBouncer pooler) {
		return new PostgresTestDatabase(pooler.url(), UnaryOperator.identity());
	}

	/**
	 * A temporary file of its own.
	 * @return a new database
	 */
	static TestDatabase sqlite() {
		return sqlite(UnaryOperator.identity());
	}

	/**
	 * A temporary file of its own, behind a data source that looks on.
	 * @param decorator wraps the pool
	 * @return a new database
	 */
	static TestDatabase sqlite(UnaryOperator<DataSource> decorator) {
		return new SqliteTestDatabase(decorator);
	}

	/**
	 * The store, on a pool that is closed with this database.
	 * @return always the same
	 */
	PgqrsStore store();

	/**
	 * Another store on the same tables, with a pool of its own, as another process has
	 * it.
	 * @return a new store, whose pool is closed with this database
	 */
	PgqrsStore anotherStore();

	/**
	 * Any statement, on the data source of the store.
	 * @param sql names the tables as {@code pgqrs_messages}, without a schema
	 * @return the statement
	 */
	JdbcClient.StatementSpec sql(String sql);

	/**
	 * Lets time pass: moves all times in the tables back. Claimers that remember where
	 * they stood on PostgreSQL find out within a second; a new claimer knows at once.
	 * @param time how much
	 */
	void elapse(Duration time);

	/** Removes it. */
	@Override
	void close();

	/**
	 * Transactions as the application has them.
	 * @return a new template on the data source of the store
	 */
	default TransactionTemplate transaction() {
		return new TransactionTemplate(new DataSourceTransactionManager(store().dataSource()));
	}

}

package io.pgqrs.store.jdbc;

import java.util.function.Supplier;

import javax.sql.DataSource;

import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs statements in the transaction that is bound to the thread for one data source,
 * whoever began it (also a {@code JpaTransactionManager}), or in one of their own.
 *
 * @since 0.1
 */
public final class StoreTransactions {

	private final DataSource dataSource;

	private final TransactionTemplate template;

	/**
	 * Makes transactions for one data source.
	 * @param dataSource the one that the statements run on
	 */
	public StoreTransactions(DataSource dataSource) {
		this.dataSource = dataSource;
		this.template = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
	}

	/**
	 * Whether the caller has a transaction.
	 * @return true if statements of this thread join it
	 */
	public boolean isActive() {
		return TransactionSynchronizationManager.isActualTransactionActive()
				&& TransactionSynchronizationManager.hasResource(this.dataSource);
	}

	/**
	 * Whether the caller has no transaction, on whatever data source. One that has not
	 * touched this data source yet may be joined by the next statement.
	 * @return true if a statement of this thread is committed by itself
	 */
	public boolean isNone() {
		return !TransactionSynchronizationManager.isActualTransactionActive()
				&& !TransactionSynchronizationManager.isSynchronizationActive()
				&& !TransactionSynchronizationManager.hasResource(this.dataSource);
	}

	/**
	 * Runs work in one transaction.
	 * @param <T> type of the result
	 * @param work the statements
	 * @return what the work returns
	 */
	@SuppressWarnings("NullAway") // the work returns what it returns
	public <T> T execute(Supplier<T> work) {
		return isActive() ? work.get() : this.template.execute((status) -> work.get());
	}

}

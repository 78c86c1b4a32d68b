package io.pgqrs.spring.boot.autoconfigure;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.util.function.SingletonSupplier;

/**
 * A transaction manager that is looked for when the first transaction begins. That of JPA
 * needs the listeners of the entities, which may start runs.
 */
final class LateTransactionManager implements PlatformTransactionManager {

	private final SingletonSupplier<PlatformTransactionManager> delegate;

	LateTransactionManager(Supplier<PlatformTransactionManager> delegate) {
		this.delegate = SingletonSupplier.of(delegate);
	}

	@Override
	public TransactionStatus getTransaction(@Nullable TransactionDefinition definition) {
		return this.delegate.obtain().getTransaction(definition);
	}

	@Override
	public void commit(TransactionStatus status) {
		this.delegate.obtain().commit(status);
	}

	@Override
	public void rollback(TransactionStatus status) {
		this.delegate.obtain().rollback(status);
	}

}

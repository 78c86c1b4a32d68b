package io.pgqrs.spring.boot.autoconfigure;

import java.util.List;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;

/**
 * Finds the application's transaction manager for the data source of the store, so that
 * the transaction of a listener or of a step is the one that its repositories join.
 */
final class StoreTransactionManager {

	private final ObjectProvider<PlatformTransactionManager> candidates;

	StoreTransactionManager(ObjectProvider<PlatformTransactionManager> candidates) {
		this.candidates = candidates;
	}

	/**
	 * The primary or only one if it covers the data source, else the only one that does.
	 * @param dataSource of the store
	 * @return null if there is none
	 */
	@Nullable PlatformTransactionManager find(DataSource dataSource) {
		PlatformTransactionManager preferred = this.candidates.getIfUnique();
		if (preferred != null && (isFor(preferred, dataSource) || isForAll(preferred))) {
			return preferred;
		}
		List<PlatformTransactionManager> fitting = this.candidates.orderedStream()
			.filter((candidate) -> isFor(candidate, dataSource))
			.toList();
		return (fitting.size() == 1) ? fitting.get(0) : null;
	}

	// DataSourceTransactionManager, JpaTransactionManager, HibernateTransactionManager
	private static boolean isFor(PlatformTransactionManager candidate, DataSource dataSource) {
		BeanWrapper bean = PropertyAccessorFactory.forBeanPropertyAccess(candidate);
		return bean.isReadableProperty("dataSource") && bean.getPropertyValue("dataSource") == dataSource;
	}

	// JTA
	private static boolean isForAll(PlatformTransactionManager candidate) {
		return !(candidate instanceof ResourceTransactionManager);
	}

}

package io.pgqrs;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.pgqrs.store.QueueRecord;
import io.pgqrs.store.QueueSettings;
import io.pgqrs.store.QueueStore;
import org.jspecify.annotations.Nullable;

/**
 * Knows the queues: which definitions the application has, what the database says, and
 * what to do about a name that is unknown. What the database says is remembered for a
 * while.
 *
 * @since 0.1
 */
public final class QueueCatalog {

	private static final Duration REMEMBERED = Duration.ofSeconds(10);

	private final QueueStore store;

	private final QueueNotFoundStrategy strategy;

	private final Map<String, QueueDefinition> definitions = new ConcurrentHashMap<>();

	private final Set<String> declared = ConcurrentHashMap.newKeySet();

	private final Map<String, Entry> known = new ConcurrentHashMap<>();

	/**
	 * Makes a catalog.
	 * @param store the queues in the database
	 * @param strategy what to do about an unknown name
	 * @param definitions queues that the application declares
	 */
	public QueueCatalog(QueueStore store, QueueNotFoundStrategy strategy, Collection<QueueDefinition> definitions) {
		this.store = store;
		this.strategy = strategy;
		definitions.forEach((definition) -> this.definitions.put(definition.name(), definition));
	}

	/**
	 * Creates the queues that the application declares, and gives those that exist the
	 * declared settings.
	 */
	public void saveDefinitions() {
		this.definitions.values().forEach((definition) -> this.store.save(definition.name(), definition.settings()));
	}

	/**
	 * Declares one more queue, unless it is declared already. It is created on first use,
	 * whatever the strategy, and given the declared settings by {@link #open}.
	 * @param definition name and settings
	 */
	public void declare(QueueDefinition definition) {
		if (this.definitions.putIfAbsent(definition.name(), definition) == null) {
			this.declared.add(definition.name());
		}
	}

	/**
	 * A queue, created if need be.
	 * @param name its name
	 * @return the queue as it was at most ten seconds ago
	 * @throws QueueNotFoundException if it does not exist and must not be created
	 */
	public QueueInfo get(String name) {
		Entry entry = this.known.get(name);
		if (entry != null && System.nanoTime() - entry.readAt() < REMEMBERED.toNanos()) {
			return entry.queue();
		}
		QueueRecord record = this.store.find(name);
		if (record == null) {
			create(name);
			record = this.store.find(name);
		}
		if (record == null) {
			throw new QueueNotFoundException(name);
		}
		QueueInfo queue = QueueInfo.of(record);
		this.known.put(name, new Entry(queue, System.nanoTime()));
		return queue;
	}

	/**
	 * A queue for a consumer that starts: created if need be, with the settings that were
	 * {@linkplain #declare declared}.
	 * @param name its name
	 * @return the queue
	 * @throws QueueNotFoundException if it does not exist and must not be created
	 */
	public QueueInfo open(String name) {
		QueueDefinition definition = this.declared.contains(name) ? this.definitions.get(name) : null;
		if (definition != null) {
			this.store.save(name, definition.settings());
			forget(name);
		}
		return get(name);
	}

	/**
	 * Creates a queue that was found missing.
	 * @param name its name
	 * @throws QueueNotFoundException if it must not be created
	 */
	public void create(String name) {
		QueueDefinition definition = this.definitions.get(name);
		if (definition == null && this.strategy == QueueNotFoundStrategy.FAIL) {
			throw new QueueNotFoundException(name);
		}
		this.store.create(name, (definition != null) ? definition.settings() : defaults(name));
	}

	boolean isKnown(String name) {
		return this.known.containsKey(name);
	}

	void forget(String name) {
		this.known.remove(name);
	}

	private static QueueSettings defaults(String name) {
		return QueueDefinition.named(name).settings();
	}

	private record Entry(QueueInfo queue, long readAt) {
	}

}

package io.pgqrs.benchmarks.contender;

import java.util.List;
import java.util.function.LongConsumer;

import io.pgqrs.OnSuccess;
import io.pgqrs.PgqrsTemplate;
import io.pgqrs.QueueDefinition;
import io.pgqrs.annotation.EnablePgqrs;
import io.pgqrs.annotation.PgqrsListener;
import io.pgqrs.annotation.PgqrsListenerConfigUtils;
import io.pgqrs.benchmarks.Names;
import io.pgqrs.benchmarks.database.Database;
import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.listener.PgqrsListenerContainerFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * Pgqrs as applications use it: {@code PgqrsTemplate} enqueues, a method with
 * {@code @PgqrsListener} handles.
 */
public final class Pgqrs implements QueueContender {

	private final boolean wakeUps;

	/** With all that is on by default. */
	public Pgqrs() {
		this(true);
	}

	private Pgqrs(boolean wakeUps) {
		this.wakeUps = wakeUps;
	}

	/** As behind a pooler: other processes have to poll. */
	public static Pgqrs withoutWakeUps() {
		return new Pgqrs(false);
	}

	@Override
	public String name() {
		return this.wakeUps ? Names.PGQRS : Names.PGQRS_POLLING;
	}

	@Override
	public boolean worksOn(Database database) {
		return true;
	}

	@Override
	public JobQueue open(Database database, QueueSettings settings) {
		return new PgqrsQueue(database, settings, this.wakeUps);
	}

	private static final class PgqrsQueue implements JobQueue {

		private final Database database;

		private final PgqrsRuntime runtime;

		private final PgqrsTemplate template;

		private @Nullable AnnotationConfigApplicationContext context;

		PgqrsQueue(Database database, QueueSettings settings, boolean wakeUps) {
			this.database = database;
			this.runtime = PgqrsRuntime.open(database, settings.poolSize(), wakeUps,
					ContainerOptions.builder().concurrency(settings.consumers()).batchSize(settings.batch()).build());
			this.runtime.catalog()
				.declare(QueueDefinition.named(PgqrsRuntime.QUEUE)
					.onSuccess(settings.archive() ? OnSuccess.ARCHIVE : OnSuccess.DELETE));
			this.runtime.catalog().create(PgqrsRuntime.QUEUE);
			this.template = this.runtime.template();
			// Another process would listen, so this one does.
			this.runtime.wakeUps().subscribe(List.of(PgqrsRuntime.QUEUE), (delay) -> {
			});
		}

		@Override
		public void fill(int messages) {
			PgqrsRuntime.fill(this.database, this.runtime.dataSource(), messages);
		}

		@Override
		public void enqueue(long value) {
			this.template.enqueue(PgqrsRuntime.QUEUE, value);
		}

		@Override
		public void enqueueAll(List<Long> values) {
			this.template.enqueueAll(PgqrsRuntime.QUEUE, values);
		}

		@Override
		public void consume(LongConsumer handler) {
			AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
			context.registerBean(PgqrsListenerConfigUtils.DEFAULT_CONTAINER_FACTORY_BEAN_NAME,
					PgqrsListenerContainerFactory.class, this.runtime::factory);
			context.registerBean(Listener.class, () -> new Listener(handler));
			context.register(Listeners.class);
			context.refresh();
			this.context = context;
		}

		@Override
		public boolean isDrained() {
			return PgqrsRuntime.isDrained(this.database, this.runtime.dataSource());
		}

		@Override
		public void close() {
			if (this.context != null) {
				this.context.close();
			}
			this.runtime.close();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnablePgqrs
	static class Listeners {

	}

	/** Does nothing with a message. */
	static final class Listener {

		private final LongConsumer handler;

		Listener(LongConsumer handler) {
			this.handler = handler;
		}

		@PgqrsListener(PgqrsRuntime.QUEUE)
		void handle(long value) {
			this.handler.accept(value);
		}

	}

}

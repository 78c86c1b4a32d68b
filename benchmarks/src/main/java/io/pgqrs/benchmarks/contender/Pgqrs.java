package io.pgqrs.benchmarks.contender;

import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

import io.pgqrs.OnSuccess;
import io.pgqrs.PgqrsTemplate;
import io.pgqrs.QueueDefinition;
import io.pgqrs.annotation.EnablePgqrs;
import io.pgqrs.annotation.PgqrsListener;
import io.pgqrs.annotation.PgqrsListenerConfigUtils;
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

	private static final int CHUNK = 1_000;

	@Override
	public String name() {
		return Names.PGQRS;
	}

	@Override
	public boolean worksOn(Database database) {
		return true;
	}

	@Override
	public JobQueue open(Database database, QueueSettings settings) {
		return new PgqrsQueue(database, settings);
	}

	private static final class PgqrsQueue implements JobQueue {

		private final Database database;

		private final PgqrsRuntime runtime;

		private final PgqrsTemplate template;

		private @Nullable AnnotationConfigApplicationContext context;

		PgqrsQueue(Database database, QueueSettings settings) {
			this.database = database;
			this.runtime = PgqrsRuntime.open(database, settings.poolSize(), settings.wakeUps(),
					ContainerOptions.builder().concurrency(settings.consumers()).batchSize(settings.batch()).build());
			this.runtime.catalog()
				.declare(QueueDefinition.named(PgqrsRuntime.QUEUE)
					.onSuccess(settings.archive() ? OnSuccess.ARCHIVE : OnSuccess.DELETE));
			this.runtime.catalog().create(PgqrsRuntime.QUEUE);
			this.template = this.runtime.template();
		}

		@Override
		public void fill(int messages) {
			for (long from = 0; from < messages; from += CHUNK) {
				enqueueAll(LongStream.range(from, Math.min(from + CHUNK, messages)).boxed().toList());
			}
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

package io.pgqrs.benchmarks.contender;

import java.util.List;

import io.pgqrs.PgqrsTemplate;
import io.pgqrs.QueueMessage;
import io.pgqrs.benchmarks.Names;
import io.pgqrs.benchmarks.database.Database;
import io.pgqrs.listener.ContainerOptions;

/** Claims by {@code PgqrsTemplate.dequeue}. */
public final class PgqrsClaims implements ClaimContender {

	@Override
	public String name() {
		return Names.PGQRS;
	}

	@Override
	public boolean worksOn(Database database) {
		return true;
	}

	@Override
	public Consumer open(Database database, int messages) {
		PgqrsRuntime runtime = PgqrsRuntime.open(database, 2, false, ContainerOptions.builder().build());
		runtime.catalog().create(PgqrsRuntime.QUEUE);
		PgqrsRuntime.fill(database, runtime.dataSource(), messages);
		return new TemplateConsumer(runtime, runtime.template());
	}

	private record TemplateConsumer(PgqrsRuntime runtime, PgqrsTemplate template) implements Consumer {

		@Override
		public Completion claim(int limit) {
			List<QueueMessage> messages = this.template.dequeue(PgqrsRuntime.QUEUE, limit);
			return () -> this.template.deleteAll(messages);
		}

		@Override
		public void close() {
			this.runtime.close();
		}

	}

}

package io.pgqrs.benchmarks.contender;

import java.time.Duration;
import java.util.List;

import io.pgqrs.Maintenance;
import io.pgqrs.benchmarks.Names;
import io.pgqrs.benchmarks.database.Database;
import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.listener.PgqrsListenerEndpoint;

/** Listeners of pgqrs that have nothing to do, with what else a process has. */
public final class PgqrsIdle implements IdleContender {

	private static final int POOL_SIZE = 10;

	@Override
	public String name() {
		return Names.PGQRS;
	}

	@Override
	public boolean worksOn(Database database) {
		return true;
	}

	@Override
	public AutoCloseable idle(Database database, int queues) {
		PgqrsRuntime runtime = PgqrsRuntime.open(database, POOL_SIZE, true, ContainerOptions.builder().build());
		for (int i = 0; i < queues; i++) {
			String queue = "idle-" + i;
			runtime.endpoints().register(PgqrsListenerEndpoint.of(queue, List.of(queue), (messages, ack) -> {
			}), runtime.factory());
		}
		Maintenance maintenance = new Maintenance(runtime.store(), Duration.ofMinutes(1), Duration.ofMinutes(5),
				Duration.ofDays(1));
		runtime.endpoints().start();
		maintenance.start();
		return () -> {
			maintenance.stop();
			runtime.close();
		};
	}

}

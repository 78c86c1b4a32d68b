package io.pgqrs.spring.boot.autoconfigure.metrics;

import java.util.Locale;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.pgqrs.Maintenance;
import io.pgqrs.Maintenance.Kind;

/** Counts what this process has removed. */
final class MaintenanceMeters implements MeterBinder {

	private final Maintenance maintenance;

	MaintenanceMeters(Maintenance maintenance) {
		this.maintenance = maintenance;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (Kind kind : Kind.values()) {
			FunctionCounter
				.builder("pgqrs.maintenance.removed", this.maintenance, (maintenance) -> maintenance.removed(kind))
				.description("What was removed because its retention was over")
				.tag("kind", kind.name().toLowerCase(Locale.ROOT).replace('_', '-'))
				.register(registry);
		}
	}

}

package io.pgqrs.spring.boot.autoconfigure.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.pgqrs.QueueMetrics;
import io.pgqrs.spring.boot.autoconfigure.PgqrsSampler;
import io.pgqrs.spring.boot.autoconfigure.PgqrsSampler.Sample;
import io.pgqrs.store.Availability.Activity;
import io.pgqrs.store.MaintenanceStore;
import io.pgqrs.store.MaintenanceStore.OldestTransaction;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.workflow.RunStatus;
import io.pgqrs.workflow.WorkflowMetrics;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * Shows what the database holds, as a thread of its own finds it: a scrape never waits
 * for the database. What is too old to be true is shown as not a number.
 */
final class PgqrsGauges implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(PgqrsGauges.class);

	/** So many intervals without a new sample, and nothing is shown. */
	private static final int MAX_AGE = 3;

	private static final List<String> WORKER_STATUSES = List.of("running", "stopped", "dead");

	private static final Map<String, ToDoubleFunction<QueueMetrics>> STATES = Map.of("ready", QueueMetrics::ready,
			"delayed", QueueMetrics::delayed, "in-flight", QueueMetrics::inFlight, "archived", QueueMetrics::archived,
			"dead", QueueMetrics::dead);

	private final PgqrsSampler sampler;

	private final MaintenanceStore maintenance;

	private final Activity sampling;

	private final Duration interval;

	private final BooleanSupplier ready;

	private final MultiGauge messages;

	private final MultiGauge oldestAges;

	private final MultiGauge paused;

	private final MultiGauge runs;

	private volatile @Nullable Shown shown;

	private volatile @Nullable ScheduledExecutorService scheduler;

	/**
	 * Without samples yet.
	 * @param ready whether the tables are there
	 */
	PgqrsGauges(MeterRegistry registry, PgqrsSampler sampler, PgqrsStore store, Duration interval,
			BooleanSupplier ready) {
		this.sampler = sampler;
		this.ready = ready;
		this.maintenance = store.maintenance();
		this.sampling = store.availability().activity("sampling queues for metrics", logger);
		this.interval = interval;
		this.messages = MultiGauge.builder("pgqrs.queue.messages")
			.description("Messages by state, none counted beyond " + PgqrsSampler.COUNT_LIMIT)
			.baseUnit("messages")
			.register(registry);
		this.oldestAges = MultiGauge.builder("pgqrs.queue.oldest.ready.age")
			.description("How long the oldest ready message has been ready; 0 if there is none")
			.baseUnit("seconds")
			.register(registry);
		this.paused = MultiGauge.builder("pgqrs.queue.paused")
			.description("1 if nobody may claim from the queue")
			.register(registry);
		this.runs = MultiGauge.builder("pgqrs.workflow.runs")
			.description("Runs by status, none counted beyond " + WorkflowMetrics.COUNT_LIMIT)
			.baseUnit("runs")
			.register(registry);
		for (String status : WORKER_STATUSES) {
			Gauge.builder("pgqrs.workers", this, (gauges) -> gauges.workers(status))
				.description("Processes that consume, or did")
				.tag("status", status)
				.register(registry);
		}
		Gauge.builder("pgqrs.oldest.transaction.age", this, PgqrsGauges::oldestTransactionAge)
			.description("Age of the transaction that keeps dead rows alive for longest; 0 if there is none")
			.baseUnit("seconds")
			.register(registry);
	}

	@Override
	public void start() {
		ScheduledExecutorService next = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "pgqrs-metrics");
			thread.setDaemon(true);
			return thread;
		});
		this.scheduler = next;
		next.scheduleWithFixedDelay(this::sample, 0, this.interval.toMillis(), TimeUnit.MILLISECONDS);
	}

	@Override
	public void stop() {
		ScheduledExecutorService current = this.scheduler;
		if (current != null) {
			current.shutdownNow();
			this.scheduler = null;
			this.sampling.close();
		}
	}

	@Override
	public boolean isRunning() {
		return this.scheduler != null;
	}

	private void sample() {
		try {
			if (this.ready.getAsBoolean()) {
				Sample sample = this.sampler.sample();
				this.shown = Shown.of(sample, this.maintenance.oldestTransaction());
				register(sample);
				this.sampling.succeeded();
			}
		}
		catch (Throwable ex) {
			// A stop interrupts whoever waits for the database.
			if (isRunning()) {
				this.sampling.failed(ex);
			}
		}
	}

	/** Rows that are there already stay as they are. */
	private void register(Sample sample) {
		List<Row<?>> messages = new ArrayList<>();
		List<Row<?>> oldestAges = new ArrayList<>();
		List<Row<?>> paused = new ArrayList<>();
		for (QueueMetrics queue : sample.queues()) {
			Tags tags = Tags.of("queue", queue.queue());
			STATES.forEach((state, count) -> messages.add(row(tags.and("state", state), queue.queue(), count)));
			oldestAges.add(row(tags, queue.queue(), PgqrsGauges::oldestAge));
			paused.add(row(tags, queue.queue(), (metrics) -> metrics.paused() ? 1 : 0));
		}
		this.messages.register(messages);
		this.oldestAges.register(oldestAges);
		this.paused.register(paused);
		List<Row<?>> runs = new ArrayList<>();
		for (WorkflowMetrics workflow : sample.workflows()) {
			for (RunStatus status : RunStatus.values()) {
				runs.add(Row.of(
						Tags.of("workflow", workflow.workflow(), "status", status.name().toLowerCase(Locale.ROOT)),
						this, (gauges) -> gauges.runs(workflow.workflow(), status)));
			}
		}
		this.runs.register(runs);
	}

	private Row<?> row(Tags tags, String queue, ToDoubleFunction<QueueMetrics> value) {
		return Row.of(tags, this, (gauges) -> gauges.queue(queue, value));
	}

	private static double oldestAge(QueueMetrics metrics) {
		Duration age = metrics.oldestReadyAge();
		return (age != null) ? seconds(age) : 0;
	}

	private static double seconds(Duration duration) {
		return duration.toMillis() / 1000.0;
	}

	private double queue(String name, ToDoubleFunction<QueueMetrics> value) {
		Shown current = current();
		QueueMetrics metrics = (current != null) ? current.queues().get(name) : null;
		return (metrics != null) ? value.applyAsDouble(metrics) : Double.NaN;
	}

	private double runs(String workflow, RunStatus status) {
		Shown current = current();
		WorkflowMetrics metrics = (current != null) ? current.workflows().get(workflow) : null;
		return (metrics != null) ? metrics.runs().getOrDefault(status, 0L) : Double.NaN;
	}

	private double workers(String status) {
		Shown current = current();
		return (current != null)
				? current.sample().workers().stream().filter((worker) -> worker.status().equals(status)).count()
				: Double.NaN;
	}

	private double oldestTransactionAge() {
		Shown current = current();
		return (current != null) ? current.oldestTransactionAge() : Double.NaN;
	}

	private @Nullable Shown current() {
		Shown current = this.shown;
		boolean tooOld = current == null || current.sample().age().compareTo(this.interval.multipliedBy(MAX_AGE)) > 0;
		return tooOld ? null : current;
	}

	/** A sample, by name. */
	private record Shown(Sample sample, Map<String, QueueMetrics> queues, Map<String, WorkflowMetrics> workflows,
			double oldestTransactionAge) {

		static Shown of(Sample sample, @Nullable OldestTransaction transaction) {
			Map<String, QueueMetrics> queues = new HashMap<>();
			sample.queues().forEach((queue) -> queues.put(queue.queue(), queue));
			Map<String, WorkflowMetrics> workflows = new HashMap<>();
			sample.workflows().forEach((workflow) -> workflows.put(workflow.workflow(), workflow));
			return new Shown(sample, queues, workflows, (transaction != null) ? seconds(transaction.age()) : 0);
		}

	}

}

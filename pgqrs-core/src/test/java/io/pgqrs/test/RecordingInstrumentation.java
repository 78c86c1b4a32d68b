package io.pgqrs.test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationView;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import io.pgqrs.support.QueueEvents;
import io.pgqrs.support.micrometer.Instrumentation;

/**
 * Remembers what is reported. Numbers traces, and carries the number in the header
 * {@code traceparent}.
 */
public final class RecordingInstrumentation {

	public static final String HEADER = "traceparent";

	private final TestObservationRegistry registry = TestObservationRegistry.create();

	private final AtomicInteger traces = new AtomicInteger();

	private final List<Observation.Context> stopped = new CopyOnWriteArrayList<>();

	private final Map<String, Integer> counts = new ConcurrentHashMap<>();

	private final List<Duration> delays = new CopyOnWriteArrayList<>();

	private final List<Duration> runs = new CopyOnWriteArrayList<>();

	public RecordingInstrumentation() {
		this.registry.observationConfig().observationHandler(new Tracing());
	}

	public Instrumentation instrumentation() {
		return new Instrumentation(this.registry, new Events());
	}

	public TestObservationRegistry registry() {
		return this.registry;
	}

	/** Observations of a name that are over, the first to end first. */
	public List<Observation.Context> observations(String name) {
		return this.stopped.stream().filter((context) -> name.equals(context.getName())).toList();
	}

	/** How often something was told, such as {@code retried jobs}. */
	public int count(String what) {
		return this.counts.getOrDefault(what, 0);
	}

	/** From when messages were due until they came to their handlers. */
	public List<Duration> delays() {
		return this.delays;
	}

	/** How long runs took. */
	public List<Duration> runs() {
		return this.runs;
	}

	public static String trace(Observation.ContextView context) {
		return context.getRequired(HEADER);
	}

	public static String tag(Observation.Context context, String key) {
		return context.getLowCardinalityKeyValue(key).getValue();
	}

	private final class Tracing implements ObservationHandler<Observation.Context> {

		@Override
		public void onStart(Observation.Context context) {
			ObservationView parent = context.getParentObservation();
			String trace = (parent != null) ? trace(parent.getContextView()) : null;
			if (context instanceof ReceiverContext<?> receiver) {
				trace = extract(receiver);
			}
			if (trace == null) {
				trace = "trace " + RecordingInstrumentation.this.traces.incrementAndGet();
			}
			context.put(HEADER, trace);
			if (context instanceof SenderContext<?> sender) {
				inject(sender, trace);
			}
		}

		private <C> String extract(ReceiverContext<C> context) {
			return context.getGetter().get(context.getCarrier(), HEADER);
		}

		private <C> void inject(SenderContext<C> context, String trace) {
			context.getSetter().set(context.getCarrier(), HEADER, trace);
		}

		@Override
		public void onStop(Observation.Context context) {
			RecordingInstrumentation.this.stopped.add(context);
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

	private final class Events implements QueueEvents {

		@Override
		public void claimed(String queue, Trigger trigger, int messages) {
			add("claimed by " + trigger + " " + queue, 1);
			add("claimed " + queue, messages);
		}

		@Override
		public void claimFailed(String queue) {
			add("claim failed " + queue, 1);
		}

		@Override
		public void delivered(String queue, Duration delay) {
			add("delivered " + queue, 1);
			RecordingInstrumentation.this.delays.add(delay);
		}

		@Override
		public void retried(String queue, int messages) {
			add("retried " + queue, messages);
		}

		@Override
		public void deadLettered(String queue, int messages) {
			add("dead-lettered " + queue, messages);
		}

		@Override
		public void leasesLost(String queue, int leases) {
			add("lost " + queue, leases);
		}

		@Override
		public void reclaimed(String queue, int messages) {
			add("reclaimed " + queue, messages);
		}

		@Override
		public void runEnded(String workflow, String status, Duration duration) {
			add("ended " + status + " " + workflow, 1);
			RecordingInstrumentation.this.runs.add(duration);
		}

		private void add(String what, int count) {
			RecordingInstrumentation.this.counts.merge(what, count, Integer::sum);
		}

	}

}

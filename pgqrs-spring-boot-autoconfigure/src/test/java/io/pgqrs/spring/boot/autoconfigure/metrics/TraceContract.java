package io.pgqrs.spring.boot.autoconfigure.metrics;

import java.time.Duration;
import java.util.List;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.propagation.Propagator;
import io.micrometer.tracing.test.simple.SimpleSpan;
import io.micrometer.tracing.test.simple.SimpleTracer;
import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;
import io.pgqrs.spring.boot.autoconfigure.metrics.MonitoredApplication.Orders;
import io.pgqrs.workflow.RunQuery;
import io.pgqrs.workflow.RunStatus;
import io.pgqrs.workflow.WorkflowOperations;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One trace from the caller to the last step, by the test bridge of Micrometer Tracing.
 */
abstract class TraceContract {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final SimpleTracer tracer = new SimpleTracer();

	private ApplicationDatabase database;

	private ApplicationContextRunner application;

	abstract ApplicationDatabase newDatabase();

	@BeforeEach
	void createDatabase() {
		this.database = newDatabase();
		this.application = MonitoredApplication.on(this.database)
			.withConfiguration(AutoConfigurations.of(MicrometerTracingAutoConfiguration.class))
			.withBean(SimpleTracer.class, () -> this.tracer)
			.withBean(Propagator.class, () -> new TraceParent(this.tracer));
	}

	@AfterEach
	void removeDatabase() {
		this.database.close();
	}

	@Test
	void oneTraceCoversEnqueueHandlerRunAndSteps() {
		this.application.run((context) -> {
			Observation caller = Observation.start("caller", context.getBean(ObservationRegistry.class));
			caller.scoped(() -> context.getBean(Orders.class).place("book"));
			caller.stop();
			awaitSpans("execute shipping", 2);
			assertThat(context.getBean(WorkflowOperations.class).list(RunQuery.all())).singleElement()
				.satisfies((run) -> assertThat(run.status()).isEqualTo(RunStatus.SUCCESS));
			SimpleSpan root = span("caller");
			SimpleSpan enqueue = span("enqueue orders");
			SimpleSpan handle = span("handle orders");
			SimpleSpan start = span("enqueue workflow:shipping");
			List<SimpleSpan> executions = spans("execute shipping");
			List<SimpleSpan> steps = spans("step of shipping");
			assertThat(this.tracer.getSpans()).hasSize(8)
				.extracting(SimpleSpan::getTraceId)
				.containsOnly(root.getTraceId());
			assertThat(enqueue.getParentId()).isEqualTo(root.getSpanId());
			assertThat(handle.getParentId()).isEqualTo(enqueue.getSpanId());
			assertThat(start.getParentId()).isEqualTo(handle.getSpanId());
			assertThat(executions).extracting(SimpleSpan::getParentId)
				.containsExactly(start.getSpanId(), start.getSpanId());
			assertThat(steps).extracting(SimpleSpan::getParentId)
				.containsExactly(executions.get(0).getSpanId(), executions.get(1).getSpanId());
			assertThat(steps).extracting((step) -> step.getTags().get("pgqrs.step.name"))
				.containsExactly("pack", "send");
			assertThat(List.of(enqueue, start)).extracting(SimpleSpan::getKind).containsOnly(Span.Kind.PRODUCER);
			assertThat(List.of(handle, executions.get(0))).extracting(SimpleSpan::getKind)
				.containsOnly(Span.Kind.CONSUMER);
		});
	}

	@Test
	void eachAttemptIsASpanOfTheSameTraceWithItsError() {
		this.application.run((context) -> {
			context.getBean(Orders.class).place("fail");
			awaitSpans("handle orders", 2);
			SimpleSpan enqueue = span("enqueue orders");
			assertThat(spans("handle orders")).allSatisfy((span) -> {
				assertThat(span.getTraceId()).isEqualTo(enqueue.getTraceId());
				assertThat(span.getParentId()).isEqualTo(enqueue.getSpanId());
				assertThat(span.getError()).isInstanceOf(IllegalStateException.class).hasMessage("no");
			});
		});
	}

	private void awaitSpans(String name, int count) {
		Awaitility.await()
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.tracer.getSpans()).filteredOn((span) -> name.equals(span.getName()))
				.hasSize(count)
				.allSatisfy((span) -> assertThat(span.getEndTimestamp().toEpochMilli()).isPositive()));
	}

	private SimpleSpan span(String name) {
		List<SimpleSpan> spans = spans(name);
		assertThat(spans).as(name).hasSize(1);
		return spans.get(0);
	}

	/** In the order in which they began. */
	private List<SimpleSpan> spans(String name) {
		return this.tracer.getSpans().stream().filter((span) -> name.equals(span.getName())).toList();
	}

	/** The W3C header, for a tracer that has no propagator of its own. */
	private static final class TraceParent implements Propagator {

		private static final String HEADER = "traceparent";

		private final SimpleTracer tracer;

		TraceParent(SimpleTracer tracer) {
			this.tracer = tracer;
		}

		@Override
		public List<String> fields() {
			return List.of(HEADER);
		}

		@Override
		public <C> void inject(TraceContext context, @Nullable C carrier, Setter<C> setter) {
			setter.set(carrier, HEADER, "00-" + context.traceId() + "-" + context.spanId() + "-01");
		}

		@Override
		public <C> Span.Builder extract(C carrier, Getter<C> getter) {
			Span.Builder span = this.tracer.spanBuilder();
			String header = getter.get(carrier, HEADER);
			if (header == null) {
				return span.setNoParent();
			}
			String[] parts = header.split("-");
			return span
				.setParent(this.tracer.traceContextBuilder().traceId(parts[1]).spanId(parts[2]).sampled(true).build());
		}

	}

}

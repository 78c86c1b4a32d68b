package io.pgqrs.workflow;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import io.micrometer.observation.Observation;
import io.pgqrs.WorkflowQueues;
import io.pgqrs.store.Claim;
import io.pgqrs.test.RecordingInstrumentation;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What workflows report, on each backend. */
abstract class WorkflowInstrumentationContract extends WorkflowTestBase {

	private final RecordingInstrumentation recorded = new RecordingInstrumentation();

	@Override
	Node node() {
		Node node = super.node();
		node.engine.setInstrumentation(this.recorded.instrumentation());
		return node;
	}

	@Test
	void aRunAndItsStepsGoOnWithTheTraceOfTheStart() {
		Node node = executing("order", (context, input) -> context.step("charge", String.class, () -> {
			this.log
				.add(RecordingInstrumentation.trace(this.recorded.registry().getCurrentObservation().getContextView()));
			return context.step("inside", String.class, () -> "done");
		}));
		Observation caller = Observation.start("caller", this.recorded.registry());
		WorkflowHandle<?> run = caller.scoped(() -> node.workflows.start("order").input("in").send());
		caller.stop();
		assertThat(run.result(PATIENCE)).isEqualTo("done");
		String trace = RecordingInstrumentation.trace(caller.getContextView());
		await(() -> assertThat(executions()).hasSize(1));
		assertThat(this.log).containsExactly(trace);
		assertThat(this.recorded.observations("pgqrs.enqueue")).singleElement()
			.satisfies((context) -> assertThat(RecordingInstrumentation.tag(context, "queue"))
				.isEqualTo("workflow:order"));
		assertThat(executions()).singleElement().satisfies((context) -> {
			assertThat(RecordingInstrumentation.trace(context)).isEqualTo(trace);
			assertThat(RecordingInstrumentation.tag(context, "workflow")).isEqualTo("order");
			assertThat(RecordingInstrumentation.tag(context, "outcome")).isEqualTo("success");
			assertThat(context.getHighCardinalityKeyValue("pgqrs.run.id").getValue())
				.isEqualTo(Long.toString(run.id()));
		});
		assertThat(steps()).singleElement().satisfies((context) -> {
			assertThat(context.getParentObservation().getContextView()).isSameAs(executions().get(0));
			assertThat(RecordingInstrumentation.tag(context, "workflow")).isEqualTo("order");
			assertThat(RecordingInstrumentation.tag(context, "outcome")).isEqualTo("success");
			assertThat(context.getHighCardinalityKeyValue("pgqrs.step.name").getValue()).isEqualTo("charge");
		});
		await(() -> assertThat(this.recorded.count("ended SUCCESS order")).isOne());
	}

	@Test
	void aRunThatSleepsGoesOnInTheSameTrace() {
		Node node = executing("sleepy", (context, input) -> {
			context.step("before", Integer.class, () -> 1);
			context.sleep("nap", Duration.ofMillis(30));
			return context.transactionalStep("after", Integer.class, () -> 2);
		});
		node.workflows.start("sleepy").timeout(Duration.ofMinutes(1)).send().result(PATIENCE);
		await(() -> assertThat(executions()).hasSize(2));
		assertThat(executions()).extracting((context) -> RecordingInstrumentation.tag(context, "outcome"))
			.containsExactlyInAnyOrder("suspended", "success");
		assertThat(executions()).extracting(Observation.Context::getError).containsOnlyNulls();
		assertThat(steps()).hasSize(2);
		assertThat(List.of(executions().get(0), executions().get(1), steps().get(0), steps().get(1)))
			.extracting(RecordingInstrumentation::trace)
			.containsOnly("trace 1");
	}

	@Test
	void aRunThatItsCallerExecutesIsInTheTraceOfTheCaller() {
		Node node = node();
		node.register(WorkflowDefinition.of("inline", String.class, (context, input) -> {
			context.sleep("nap", Duration.ofMillis(30));
			return context.step("one", String.class, () -> "done");
		}));
		Observation caller = Observation.start("caller", this.recorded.registry());
		assertThat(caller.scoped(() -> node.workflows.run("inline", "in", String.class))).isEqualTo("done");
		caller.stop();
		assertThat(executions()).hasSize(2);
		assertThat(List.of(executions().get(0), executions().get(1), steps().get(0)))
			.extracting(RecordingInstrumentation::trace)
			.containsOnly(RecordingInstrumentation.trace(caller.getContextView()));
		assertThat(this.recorded.count("ended SUCCESS inline")).isOne();
	}

	@Test
	void anAttemptThatFailsIsARetryAndTheLastOneAnError() {
		IllegalStateException failure = new IllegalStateException("no");
		Node node = executing("failing",
				(context, input) -> context.step("broken", String.class, QUICK.maxAttempts(2), () -> {
					throw failure;
				}));
		long id = node.workflows.start("failing").send().id();
		awaitStatus(node.workflows, id, RunStatus.ERROR);
		await(() -> assertThat(executions()).hasSize(2));
		assertThat(steps()).extracting((context) -> RecordingInstrumentation.tag(context, "outcome"))
			.containsExactly("retry", "error");
		assertThat(steps()).extracting(Observation.Context::getError).containsOnly(failure);
		assertThat(executions()).extracting((context) -> RecordingInstrumentation.tag(context, "outcome"))
			.containsExactlyInAnyOrder("suspended", "error");
		assertThat(executions()).filteredOn((context) -> context.getError() != null)
			.singleElement()
			.satisfies((context) -> {
				assertThat(RecordingInstrumentation.tag(context, "outcome")).isEqualTo("error");
				assertThat(context.getError()).isInstanceOf(StepFailedException.class);
			});
		await(() -> assertThat(this.recorded.count("ended ERROR failing")).isOne());
	}

	@Test
	void aRunThatIsRetriedStaysInItsTrace() {
		Node node = executing("mended",
				(context, input) -> context.step("one", String.class, QUICK.maxAttempts(1), () -> {
					if (this.log.isEmpty()) {
						this.log.add("failed");
						throw new IllegalStateException("no");
					}
					return "done";
				}));
		WorkflowHandle<?> run = node.workflows.start("mended").send();
		awaitStatus(node.workflows, run.id(), RunStatus.ERROR);
		assertThat(node.workflows.retry(run.id())).isTrue();
		assertThat(run.result(PATIENCE)).isEqualTo("done");
		await(() -> assertThat(executions()).hasSize(2));
		assertThat(executions()).extracting(RecordingInstrumentation::trace).containsOnly("trace 1");
	}

	@Test
	void aRunThatIsCancelledEndsWithoutAnError() throws InterruptedException {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch cancelled = new CountDownLatch(1);
		Node node = executing("long", (context, input) -> context.step("one", String.class, () -> {
			begun.countDown();
			cancelled.await();
			return "done";
		}));
		long id = node.workflows.start("long").send().id();
		begun.await();
		node.workflows.cancel(id);
		cancelled.countDown();
		await(() -> assertThat(this.recorded.count("ended CANCELLED long")).isOne());
		assertThat(steps()).extracting((context) -> RecordingInstrumentation.tag(context, "outcome"))
			.containsExactly("success");
		assertThat(executions()).extracting((context) -> RecordingInstrumentation.tag(context, "outcome"))
			.containsExactly("cancelled");
		assertThat(executions()).extracting(Observation.Context::getError).containsOnlyNulls();
	}

	@Test
	void aRunThatNobodyExecutesEndsWhenItIsCancelled() {
		Node node = executing("waiting", (context, input) -> "done");
		long id = node.workflows.start("waiting").delay(LONG).send().id();
		this.database.elapse(Duration.ofMinutes(3));
		node.workflows.cancel(id);
		assertThat(this.recorded.count("ended CANCELLED waiting")).isOne();
		assertThat(this.recorded.runs()).singleElement()
			.satisfies((duration) -> assertThat(duration).isBetween(Duration.ofMinutes(3), Duration.ofMinutes(4)));
	}

	@Test
	void theDurationOfARunBeginsWithItsStart() {
		Node node = node();
		node.register(WorkflowDefinition.of("late", String.class, (context, input) -> "done"));
		WorkflowHandle<?> run = node.workflows.start("late").delay(Duration.ofMinutes(10)).send();
		this.database.elapse(Duration.ofMinutes(13));
		node.start();
		run.result(PATIENCE);
		await(() -> assertThat(this.recorded.runs()).singleElement()
			.satisfies((duration) -> assertThat(duration).isBetween(Duration.ofMinutes(13), Duration.ofMinutes(14))));
	}

	@Test
	void aRunThatLostItsLeaseIsCountedOnce() {
		Node node = executing("lost", (context, input) -> context.step("one", String.class, () -> {
			takeOver(context.runId());
			return "done";
		}));
		node.workflows.start("lost").send();
		await(() -> assertThat(executions()).hasSize(1));
		assertThat(executions()).extracting((context) -> RecordingInstrumentation.tag(context, "outcome"))
			.containsExactly("lost");
		assertThat(steps()).extracting((context) -> RecordingInstrumentation.tag(context, "outcome"))
			.containsExactly("interrupted");
		assertThat(this.recorded.count("lost workflow:lost")).isOne();
	}

	@Test
	void aRunThatLostItsLeaseBeforeItsEndIsCountedOnce() {
		Node node = executing("lost", (context, input) -> {
			takeOver(context.runId());
			return "done";
		});
		node.workflows.start("lost").send();
		await(() -> assertThat(this.recorded.count("lost workflow:lost")).isOne());
		node.endpoints.stop();
		assertThat(this.recorded.count("lost workflow:lost")).isOne();
		assertThat(this.recorded.runs()).isEmpty();
	}

	@Test
	void whereNobodyObservesTheMessageOfARunHasNoHeaders() {
		Node node = super.node();
		node.register(WorkflowDefinition.of("plain", String.class, (context, input) -> "done"));
		node.workflows.start("plain").send();
		assertThat(node.store.messages()
			.claimer(WorkflowQueues.of("plain"))
			.claim(new Claim(1, Claim.NO_WORKER, null, null))
			.messages()).singleElement().satisfies((message) -> assertThat(message.headers()).isNull());
	}

	/** Somebody else claims the run, as after the end of its lease. */
	private void takeOver(long runId) {
		this.database.sql("UPDATE pgqrs_messages SET delivery_count = delivery_count + 1 WHERE id = " + runId).update();
	}

	private List<Observation.Context> executions() {
		return this.recorded.observations("pgqrs.workflow.execution");
	}

	private List<Observation.Context> steps() {
		return this.recorded.observations("pgqrs.workflow.step");
	}

}

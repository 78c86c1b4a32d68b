package io.pgqrs.workflow;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.pgqrs.WorkflowQueues;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Sleep, signals, pause, cancel, timeout and retry, on each backend. */
abstract class WaitingContract extends WorkflowTestBase {

	@Test
	void aSleepEndsInItsTime() {
		Node node = executing("nap", (context, input) -> {
			this.log.add("awake");
			context.sleep("nap", Duration.ofMillis(200));
			context.sleep("nap", Duration.ofMillis(100));
			context.sleep("none", Duration.ZERO);
			return context.attempt();
		});
		WorkflowHandle<?> run = node.workflows.start("nap", null);
		awaitStatus(node.workflows, run.id(), RunStatus.PAUSED);
		assertThat(run.result(PATIENCE)).isEqualTo(1);
		assertThat(this.log).hasSize(3);
		WorkflowRun done = run.get();
		assertThat(Duration.between(done.startedAt(), done.completedAt())).isBetween(Duration.ofMillis(300),
				Duration.ofSeconds(5));
		assertThat(node.workflows.steps(run.id())).extracting(StepInfo::name).containsExactly("nap", "nap#2", "none");
		assertThat(node.workflows.steps(run.id())).extracting(StepInfo::status).containsOnly(RunStatus.SUCCESS);
	}

	@Test
	void aSleepSurvivesTheProcess() {
		WorkflowFunction<String, Object> function = (context, input) -> {
			context.step("before", () -> this.log.add("before"));
			context.sleep("night", LONG);
			return context.step("after", String.class, () -> did("after", "morning"));
		};
		Node first = executing("night", function);
		WorkflowHandle<?> run = first.workflows.start("night", null);
		awaitStatus(first.workflows, run.id(), RunStatus.PAUSED);
		first.close();
		Node second = executing("night", function);
		this.database.elapse(LONG);
		assertThat(second.workflows.result(run.id(), String.class, PATIENCE)).isEqualTo("morning");
		assertThat(this.log).containsExactly("before", "after");
	}

	@Test
	void aSleepingRunHoldsNoHandler() {
		Node node = executing("many", (context, input) -> {
			context.sleep("night", LONG);
			return null;
		});
		List<Long> runs = java.util.stream.IntStream.range(0, 20)
			.mapToObj((i) -> node.workflows.start("many", null).id())
			.toList();
		await(() -> assertThat(node.workflows.list(RunQuery.of("many").status(RunStatus.PAUSED))).hasSize(20));
		assertThat(runs).hasSize(20);
	}

	@Test
	void aSignalWakesTheRunThatWaits() {
		Node node = executing("approval", (context, input) -> {
			Optional<Boolean> approved = context.awaitSignal("approve", Boolean.class, LONG);
			return approved.map((yes) -> yes ? "yes" : "no").orElse("nobody");
		});
		WorkflowHandle<?> run = node.workflows.start("approval", null);
		awaitStatus(node.workflows, run.id(), RunStatus.PAUSED);
		node.workflows.signal(run.id(), "other", 1);
		node.workflows.signal(run.id(), "approve", false);
		assertThat(run.result(PATIENCE)).isEqualTo("no");
		assertThat(node.workflows.steps(run.id())).singleElement().satisfies((step) -> {
			assertThat(step.name()).isEqualTo("approve");
			assertThat(step.output()).isEqualTo("false");
			assertThat(step.status()).isEqualTo(RunStatus.SUCCESS);
		});
	}

	@Test
	void signalsThatCameBeforeAreReceivedInTheirOrder() {
		Node node = node();
		WorkflowHandle<?> run = node.workflows.start("early", null);
		node.workflows.signal(run.id(), "number", 1);
		node.workflows.signal(run.id(), "number", 2);
		AtomicInteger calls = new AtomicInteger();
		executing("early", (context, input) -> {
			int first = context.awaitSignal("number", Integer.class, LONG).orElseThrow();
			int second = context.awaitSignal("number", Integer.class, LONG).orElseThrow();
			context.step("crash", QUICK, () -> assertThat(calls.incrementAndGet()).isGreaterThan(1));
			Optional<Integer> third = context.awaitSignal("number", Integer.class, Duration.ZERO);
			return List.of(first, second, third.isPresent());
		});
		assertThat(run.result(PATIENCE)).isEqualTo(List.of(1, 2, false));
	}

	@Test
	void nobodyWaitsForeverForASignal() {
		Node node = executing("impatient",
				(context, input) -> context.awaitSignal("approve", String.class, Duration.ofMillis(100)).isPresent());
		WorkflowHandle<?> run = node.workflows.start("impatient", null);
		assertThat(run.result(PATIENCE)).isEqualTo(false);
		assertThatExceptionOfType(RunEndedException.class)
			.isThrownBy(() -> node.workflows.signal(run.id(), "approve", "late"))
			.withMessageContaining("Run " + run.id() + " has ended");
	}

	@Test
	void aSignalWithoutAPayloadIsReceivedToo() {
		Node node = executing("bare", (context, input) -> {
			context.awaitSignal("go", String.class, LONG);
			return "gone";
		});
		WorkflowHandle<?> run = node.workflows.start("bare", null);
		awaitStatus(node.workflows, run.id(), RunStatus.PAUSED);
		node.workflows.signal(run.id(), "go", null);
		assertThat(run.result(PATIENCE)).isEqualTo("gone");
	}

	@Test
	void aSignalOfAnotherTypeFailsTheRunAndIsNotLost() {
		Node node = executing("typed", (context, input) -> context.awaitSignal("n", Integer.class, LONG).orElseThrow());
		WorkflowHandle<?> run = node.workflows.start("typed", null);
		node.workflows.signal(run.id(), "n", "text");
		assertThatExceptionOfType(WorkflowFailedException.class).isThrownBy(() -> run.result(PATIENCE))
			.withMessageContaining("cannot be read as java.lang.Integer");
		assertThat(node.workflows.steps(run.id()).get(0).output()).isEqualTo("\"text\"");
	}

	@Test
	void manySignalsAndNoneIsMissed() {
		int rounds = 30;
		Node node = executing("pingpong", (context, input) -> {
			int sum = 0;
			for (int i = 0; i < rounds; i++) {
				sum += context.awaitSignal("ping", Integer.class, LONG).orElseThrow();
			}
			return sum;
		});
		WorkflowHandle<?> run = node.workflows.start("pingpong", null);
		for (int i = 1; i <= rounds; i++) {
			node.workflows.signal(run.id(), "ping", i);
		}
		assertThat(run.result(PATIENCE)).isEqualTo(rounds * (rounds + 1) / 2);
	}

	@Test
	void aQueuedRunIsCancelledAtOnce() {
		Node node = node();
		WorkflowHandle<?> run = node.workflows.start("never", null);
		assertThat(run.cancel()).isTrue();
		assertThat(run.status()).isEqualTo(RunStatus.CANCELLED);
		assertThat(run.get().completedAt()).isNotNull();
		assertThat(run.cancel()).isFalse();
		assertThatExceptionOfType(WorkflowCancelledException.class).isThrownBy(() -> run.result(Duration.ZERO))
			.withMessage("Run " + run.id() + " was cancelled");
		Node other = executing("never", (context, input) -> did("called", input));
		long next = other.workflows.start("never", "next").id();
		other.workflows.result(next, String.class, PATIENCE);
		assertThat(this.log).hasSize(1);
	}

	@Test
	void aSleepingRunIsCancelledAtOnce() {
		Node node = executing("asleep", (context, input) -> {
			context.sleep("night", LONG);
			return null;
		});
		WorkflowHandle<?> run = node.workflows.start("asleep", null);
		awaitStatus(node.workflows, run.id(), RunStatus.PAUSED);
		assertThat(run.cancel()).isTrue();
		assertThat(run.status()).isEqualTo(RunStatus.CANCELLED);
	}

	@Test
	void aRunIsCancelledWhenItsStepEnds() {
		CountDownLatch inStep = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		Node node = executing("busy", (context, input) -> {
			context.step("long", () -> {
				inStep.countDown();
				goOn.await(10, TimeUnit.SECONDS);
			});
			context.step("next", () -> this.log.add("next"));
			return null;
		});
		WorkflowHandle<?> run = node.workflows.start("busy", null);
		await(() -> assertThat(inStep.getCount()).isZero());
		assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
		assertThat(run.cancel()).isTrue();
		assertThat(run.status()).isEqualTo(RunStatus.CANCELLING);
		goOn.countDown();
		assertThatExceptionOfType(WorkflowCancelledException.class).isThrownBy(() -> run.result(PATIENCE));
		assertThat(this.log).isEmpty();
		assertThat(node.workflows.steps(run.id())).extracting(StepInfo::name).containsExactly("long");
	}

	@Test
	void aRunThatEndsWhileItIsCancelledIsCancelled() {
		CountDownLatch inMethod = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		Node node = executing("stepless", (context, input) -> {
			inMethod.countDown();
			return goOn.await(10, TimeUnit.SECONDS);
		});
		WorkflowHandle<?> run = node.workflows.start("stepless", null);
		await(() -> assertThat(inMethod.getCount()).isZero());
		assertThat(run.cancel()).isTrue();
		goOn.countDown();
		assertThatExceptionOfType(WorkflowCancelledException.class).isThrownBy(() -> run.result(PATIENCE));
		assertThat(run.get().output()).isNull();
	}

	@Test
	void aPausedRunWaitsToBeResumed() {
		CountDownLatch inStep = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		Node node = executing("paused", (context, input) -> {
			context.step("long", () -> {
				this.log.add("long");
				inStep.countDown();
				goOn.await(10, TimeUnit.SECONDS);
			});
			return context.step("next", Integer.class, () -> did("next", context.attempt()));
		});
		WorkflowHandle<?> run = node.workflows.start("paused", null);
		await(() -> assertThat(inStep.getCount()).isZero());
		assertThat(node.workflows.pause(run.id())).isTrue();
		assertThat(node.workflows.pause(run.id())).isFalse();
		goOn.countDown();
		await(() -> assertThat(node.workflows.steps(run.id())).hasSize(1));
		// Another run passes it by.
		node.workflows.start("paused", null).result(PATIENCE);
		assertThat(run.status()).isEqualTo(RunStatus.PAUSED);
		assertThat(node.workflows.resume(run.id())).isTrue();
		assertThat(node.workflows.resume(run.id())).isFalse();
		assertThat(run.result(PATIENCE)).isEqualTo(1);
		assertThat(this.log).containsExactly("long", "long", "next", "next");
	}

	@Test
	void aQueuedRunIsPausedAtOnce() {
		Node node = node();
		WorkflowHandle<?> run = node.workflows.start("held", "x");
		assertThat(node.workflows.pause(run.id())).isTrue();
		assertThat(run.status()).isEqualTo(RunStatus.PAUSED);
		Node other = executing("held", (context, input) -> did(input, input));
		assertThat(other.workflows.start("held", "y").result(PATIENCE)).isEqualTo("y");
		assertThat(run.status()).isEqualTo(RunStatus.PAUSED);
		assertThat(other.workflows.resume(run.id())).isTrue();
		assertThat(run.result(PATIENCE)).isEqualTo("x");
	}

	@Test
	void aDurationThatIsComputedEachTimeCountsTheFirstTime() {
		AtomicInteger calls = new AtomicInteger();
		Node node = executing("computed", (context, input) -> {
			// Each replay would come to less, and the last ones to less than nothing.
			Duration left = Duration.ofMillis((calls.incrementAndGet() == 1) ? 300 : -1);
			context.sleep("nap", left);
			context.awaitSignal("never", String.class, (calls.get() == 2) ? Duration.ofMillis(300) : left);
			return calls.get();
		});
		WorkflowHandle<?> run = node.workflows.start("computed", null);
		assertThat(run.result(PATIENCE)).isEqualTo(3);
		assertThat(Duration.between(run.get().startedAt(), run.get().completedAt()))
			.isGreaterThanOrEqualTo(Duration.ofMillis(600));
	}

	@Test
	void aRunThatIsResumedBeforeItsStartBeginsInItsTime() {
		Node node = executing("delayed", (context, input) -> input);
		WorkflowHandle<?> run = node.workflows.start("delayed").input("x").delay(Duration.ofMillis(600)).send();
		assertThat(node.workflows.pause(run.id())).isTrue();
		assertThat(node.workflows.resume(run.id())).isTrue();
		assertThat(run.result(PATIENCE)).isEqualTo("x");
		assertThat(Duration.between(run.get().createdAt(), run.get().startedAt()))
			.isGreaterThanOrEqualTo(Duration.ofMillis(600));
	}

	@Test
	void aRunThatIsResumedEarlySleepsToTheEnd() {
		Node node = executing("asleep", (context, input) -> {
			this.log.add("delivered");
			context.sleep("night", Duration.ofMillis(700));
			return null;
		});
		WorkflowHandle<?> run = node.workflows.start("asleep", null);
		awaitStatus(node.workflows, run.id(), RunStatus.PAUSED);
		assertThat(node.workflows.resume(run.id())).isFalse();
		assertThat(node.workflows.pause(run.id())).isTrue();
		assertThat(node.workflows.resume(run.id())).isTrue();
		await(() -> assertThat(this.log).hasSizeGreaterThanOrEqualTo(2));
		assertThat(run.result(PATIENCE)).isNull();
		WorkflowRun done = run.get();
		assertThat(Duration.between(done.startedAt(), done.completedAt()))
			.isGreaterThanOrEqualTo(Duration.ofMillis(700));
	}

	@Test
	void aRunThatTakesTooLongEndsWithAnError() {
		Node node = executing("slow", (context, input) -> {
			context.step("hang", () -> {
				this.log.add("begun");
				TimeUnit.SECONDS.sleep(20);
			});
			return null;
		});
		WorkflowHandle<?> run = node.workflows.start("slow").timeout(Duration.ofSeconds(2)).send();
		assertThatExceptionOfType(WorkflowFailedException.class).isThrownBy(() -> run.result(PATIENCE))
			.withMessageContaining("did not end within its timeout of PT2S")
			.satisfies((ex) -> assertThat(ex.getError()).contains(WorkflowTimeoutException.class.getName()));
		assertThat(this.log).hasSize(1);
	}

	@Test
	void aSleepEndsWithTheTimeoutOfTheRun() {
		Node node = executing("asleep", (context, input) -> {
			context.sleep("night", LONG);
			return null;
		});
		WorkflowHandle<?> run = node.workflows.start("asleep").timeout(Duration.ofMillis(200)).send();
		assertThatExceptionOfType(WorkflowFailedException.class).isThrownBy(() -> run.result(PATIENCE))
			.withMessageContaining("did not end within its timeout");
	}

	@Test
	void aRunWhoseMessageDoesNotTellItsTimeoutEndsByItToo() {
		WorkflowHandle<?> run = node().workflows.start("mute").timeout(Duration.ofMillis(200)).send();
		this.database.sql("UPDATE pgqrs_messages SET headers = NULL, delivery_count = 1").update();
		this.database.elapse(Duration.ofSeconds(1));
		executing("mute", (context, input) -> null);
		assertThatExceptionOfType(WorkflowFailedException.class).isThrownBy(() -> run.result(PATIENCE))
			.withMessageContaining("The run did not end within its timeout");
	}

	@Test
	void aRunWithinItsTimeoutSucceeds() {
		Node node = executing("quick", (context, input) -> context.step("x", String.class, () -> input));
		WorkflowHandle<String> run = node.workflows.start("quick").input("x").timeout(LONG).send(String.class);
		assertThat(run.result(PATIENCE)).isEqualTo("x");
	}

	@Test
	void aFailedRunGoesOnFromItsLastCompletedStep() {
		AtomicBoolean broken = new AtomicBoolean(true);
		Node node = executing("repaired", (context, input) -> {
			context.step("first", () -> this.log.add("first"));
			context.step("second", QUICK.maxAttempts(2), () -> {
				this.log.add("second");
				assertThat(broken).isFalse();
			});
			return "done";
		});
		WorkflowHandle<?> run = node.workflows.start("repaired", null);
		awaitStatus(node.workflows, run.id(), RunStatus.ERROR);
		assertThat(node.workflows.retry(run.id())).isTrue();
		await(() -> assertThat(this.log).hasSize(5));
		awaitStatus(node.workflows, run.id(), RunStatus.ERROR);
		broken.set(false);
		assertThat(node.workflows.retry(run.id())).isTrue();
		assertThat(run.result(PATIENCE)).isEqualTo("done");
		assertThat(this.log).containsExactly("first", "second", "second", "second", "second", "second");
		assertThat(run.get().error()).isNull();
		assertThat(node.workflows.retry(run.id())).isFalse();
	}

	@Test
	void aRunThatIsDeliveredTooOftenIsGivenUp() {
		Node node = node();
		node.engine.setMaxDeliveries(3);
		WorkflowHandle<?> run = node.workflows.start("poison", null);
		for (int i = 0; i < 3; i++) {
			// Its process dies before it records anything.
			assertThat(node.store.steps().claim(run.id(), 1, Duration.ofMillis(10))).isNotNull();
			this.database.elapse(Duration.ofSeconds(1));
		}
		node.register(WorkflowDefinition.of("poison", String.class, (context, input) -> did("called", input)));
		node.start();
		assertThatExceptionOfType(WorkflowFailedException.class).isThrownBy(() -> run.result(PATIENCE))
			.withMessageContaining("The run was delivered 3 times without recording a step");
		assertThat(this.log).isEmpty();
		assertThat(node.workflows.retry(run.id())).isTrue();
		assertThat(run.result(PATIENCE)).isNull();
		assertThat(this.log).hasSize(1);
	}

	@Test
	void aRunThatMakesProgressMayBeDeliveredOften() {
		Node node = node();
		node.engine.setMaxDeliveries(2);
		AtomicInteger deliveries = new AtomicInteger();
		node.register(WorkflowDefinition.of("progress", String.class, (context, input) -> {
			int delivery = deliveries.incrementAndGet();
			for (int i = 1; i <= delivery; i++) {
				int step = i;
				context.step("step " + i, () -> this.log.add("step " + step));
			}
			if (delivery < 4) {
				// As if the process died here.
				this.database.elapse(LONG);
				await(() -> assertThat(deliveries).hasValueGreaterThan(delivery));
			}
			return context.attempt();
		}));
		node.start();
		WorkflowHandle<?> run = node.workflows.start("progress", null);
		await(() -> assertThat(node.workflows.get(run.id()).status()).isEqualTo(RunStatus.SUCCESS));
		assertThat(run.get().attempt()).isEqualTo(4);
		assertThat(this.log).hasSize(4);
	}

	@Test
	void aPausedQueueHoldsAllRuns() {
		Node node = executing("held", (context, input) -> did(input, input));
		node.workflows.start("held", "x").result(PATIENCE);
		node.store.queues().setPaused(WorkflowQueues.of("held"), true);
		long run = node.workflows.start("held", "y").id();
		assertThatExceptionOfType(WorkflowTimeoutException.class)
			.isThrownBy(() -> node.workflows.result(run, String.class, Duration.ofMillis(300)));
		node.store.queues().setPaused(WorkflowQueues.of("held"), false);
		assertThat(node.workflows.result(run, String.class, PATIENCE)).isEqualTo("y");
	}

	@Test
	void aStopEndsARunAtTheEndOfItsStepAndAnotherProcessGoesOn() {
		CountDownLatch inStep = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		WorkflowFunction<String, Object> function = (context, input) -> {
			context.step("long", () -> {
				this.log.add("long");
				inStep.countDown();
				goOn.await(10, TimeUnit.SECONDS);
			});
			return context.step("next", Integer.class, () -> did("next", context.attempt()));
		};
		Node first = executing("moved", function);
		WorkflowHandle<?> run = first.workflows.start("moved", null);
		await(() -> assertThat(inStep.getCount()).isZero());
		CountDownLatch stopped = new CountDownLatch(1);
		first.endpoints.stop(stopped::countDown);
		goOn.countDown();
		await(() -> assertThat(stopped.getCount()).isZero());
		assertThat(this.log).containsExactly("long");
		assertThat(run.status()).isEqualTo(RunStatus.QUEUED);
		Node second = executing("moved", function);
		assertThat(second.workflows.result(run.id(), Integer.class, PATIENCE)).isEqualTo(1);
		assertThat(this.log).containsExactly("long", "next");
	}

	@Test
	void aWorkflowThatCatchesEverythingIsSuspendedNonetheless() {
		Node node = executing("greedy", (context, input) -> {
			try {
				context.sleep("nap", Duration.ofMillis(50));
			}
			catch (Throwable ex) {
				this.log.add("caught");
			}
			return "done";
		});
		WorkflowHandle<?> run = node.workflows.start("greedy", null);
		assertThat(run.result(PATIENCE)).isEqualTo("done");
		assertThat(Duration.between(run.get().createdAt(), Instant.now())).isGreaterThan(Duration.ofMillis(50));
		assertThat(this.log).containsExactly("caught");
		assertThat(node.workflows.steps(run.id())).hasSize(1);
	}

}

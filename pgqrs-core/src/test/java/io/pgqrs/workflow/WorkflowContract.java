package io.pgqrs.workflow;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.pgqrs.PayloadConversionException;
import io.pgqrs.PgqrsException;
import io.pgqrs.InvalidArgumentException;
import io.pgqrs.WorkflowQueues;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What starting, executing and asking for runs promises, on each backend. */
abstract class WorkflowContract extends WorkflowTestBase {

	record Order(String item, int count) {
	}

	@Test
	void aRunIsExecutedAndHasItsResult() {
		Node node = executing("greet", (context, name) -> {
			String greeting = context.step("greet", String.class, () -> did("greet", "Hello " + name));
			int length = context.step("measure", Integer.class, () -> did("measure", greeting.length()));
			return greeting + ", " + length;
		});
		WorkflowHandle<String> run = node.workflows.start(WorkflowRef.of("greet", String.class, String.class), "World");
		assertThat(run.result(PATIENCE)).isEqualTo("Hello World, 11");
		assertThat(this.log).containsExactly("greet", "measure");
		WorkflowRun done = run.get();
		assertThat(done.id()).isEqualTo(run.id());
		assertThat(done.workflow()).isEqualTo("greet");
		assertThat(done.status()).isEqualTo(RunStatus.SUCCESS);
		assertThat(done.input()).isEqualTo("\"World\"");
		assertThat(done.output()).isEqualTo("\"Hello World, 11\"");
		assertThat(done.error()).isNull();
		assertThat(done.key()).isNull();
		assertThat(done.attempt()).isEqualTo(1);
		assertThat(done.startedAt()).isBetween(done.createdAt(), done.completedAt());
	}

	@Test
	void stepsAreRecordedWithTheirResults() {
		Node node = executing("steps", (context, input) -> {
			context.step("first", Order.class, () -> new Order("tea", 2));
			context.step("nothing", () -> {
			});
			return context.step("third", Integer.class, () -> null);
		});
		WorkflowHandle<?> run = node.workflows.start("steps", null);
		assertThat(run.result(PATIENCE)).isNull();
		List<StepInfo> steps = node.workflows.steps(run.id());
		assertThat(steps).extracting(StepInfo::name).containsExactly("first", "nothing", "third");
		assertThat(steps).extracting(StepInfo::status).containsOnly(RunStatus.SUCCESS);
		assertThat(steps).extracting(StepInfo::attempts).containsOnly(1);
		assertThat(steps.get(0).output()).contains("\"tea\"");
		assertThat(steps.get(1).output()).isNull();
		assertThat(steps).allSatisfy((step) -> assertThat(step.completedAt()).isAfterOrEqualTo(step.startedAt()));
	}

	@Test
	void inputsAndResultsOfAnyTypeAreConverted() {
		Node node = executing("orders", Order.class,
				(context, order) -> List.of(order, new Order(order.item(), order.count() + 1)));
		WorkflowHandle<Order[]> run = node.workflows.start("orders").input(new Order("tea", 2)).send(Order[].class);
		assertThat(run.result(PATIENCE)).containsExactly(new Order("tea", 2), new Order("tea", 3));
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> node.workflows.result(run.id(), Order.class, PATIENCE))
			.withMessageContaining("Order");
	}

	@Test
	void aRunWithoutInputAndResult() {
		Node node = executing("void", Void.class, (context, nothing) -> {
			assertThat(nothing).isNull();
			return null;
		});
		WorkflowHandle<?> run = node.workflows.start("void", null);
		assertThat(run.result(PATIENCE)).isNull();
		assertThat(run.get().input()).isNull();
		assertThat(run.get().output()).isNull();
	}

	@Test
	void anInputThatDoesNotFitFailsTheRunAndLosesNothing() {
		Node node = executing("orders", Order.class, (context, order) -> order.count());
		WorkflowHandle<?> run = node.workflows.start("orders", List.of("no", "order"));
		assertThatExceptionOfType(WorkflowFailedException.class).isThrownBy(() -> run.result(PATIENCE))
			.withMessageContaining("cannot be read as " + Order.class.getName());
		assertThat(run.get().input()).contains("order");
	}

	@Test
	void anInputThatCannotBeWrittenIsRefusedAtOnce() {
		Node node = node();
		Object self = new Object() {
			public Object getSelf() {
				return this;
			}
		};
		assertThatExceptionOfType(PgqrsException.class).isThrownBy(() -> node.workflows.start("x", self))
			.withMessageContaining("workflow 'x'");
		assertThat(node.workflows.list(RunQuery.of("x"))).isEmpty();
	}

	@Test
	void aKeyIsUsedOnce() {
		Node node = executing("import", (context, input) -> did(input, input));
		WorkflowHandle<String> first = node.workflows.start("import").key("42").input("a").send(String.class);
		WorkflowHandle<String> second = node.workflows.start("import").key("42").input("b").send(String.class);
		assertThat(second.id()).isEqualTo(first.id());
		assertThat(second.result(PATIENCE)).isEqualTo("a");
		assertThat(node.workflows.start("import").key("42").send().id()).isEqualTo(first.id());
		assertThat(node.workflows.start("export").key("42").send().id()).isNotEqualTo(first.id());
		assertThat(node.workflows.find("import", "42")).hasValueSatisfying((run) -> {
			assertThat(run.id()).isEqualTo(first.id());
			assertThat(run.key()).isEqualTo("42");
		});
		assertThat(node.workflows.find("import", "43")).isEmpty();
		assertThat(this.log).containsExactly("a");
	}

	@Test
	void aStartTakesPartInTheCallersTransaction() {
		Node node = executing("tx", (context, input) -> did(input, input));
		this.database.transaction().executeWithoutResult((status) -> {
			node.workflows.start("tx", "rolled back");
			status.setRollbackOnly();
		});
		long id = this.database.transaction().execute((status) -> node.workflows.start("tx", "committed").id());
		assertThat(node.workflows.result(id, String.class, PATIENCE)).isEqualTo("committed");
		assertThat(this.log).containsExactly("committed");
		assertThat(node.workflows.list(RunQuery.of("tx"))).hasSize(1);
	}

	@Test
	void aDelayedRunBeginsLater() {
		Node node = executing("later", (context, input) -> input);
		WorkflowHandle<String> run = node.workflows.start("later")
			.input("x")
			.delay(Duration.ofMillis(300))
			.send(String.class);
		assertThat(run.status()).isEqualTo(RunStatus.QUEUED);
		assertThat(run.result(PATIENCE)).isEqualTo("x");
		assertThat(Duration.between(run.get().createdAt(), run.get().startedAt()))
			.isGreaterThanOrEqualTo(Duration.ofMillis(300));
		WorkflowHandle<?> at = node.workflows.start("later").at(Instant.now().plus(LONG)).send();
		assertThat(at.status()).isEqualTo(RunStatus.QUEUED);
	}

	@Test
	void aHigherPriorityGoesFirst() {
		Node node = node();
		node.workflows.start("ranked").input("low").priority(-1).send();
		node.workflows.start("ranked").input("normal").send();
		long last = node.workflows.start("ranked").input("high").priority(10).send().id();
		node.containers.register(WorkflowDefinition.of("ranked", String.class, (context, input) -> did(input, input)),
				new WorkflowOptions(1, null, null, null, null));
		node.start();
		await(() -> assertThat(this.log).containsExactly("high", "normal", "low"));
		assertThat(node.workflows.get(last).priority()).isEqualTo(10);
	}

	@Test
	void aRunThatNobodyHereImplementsIsLeftToOthers() {
		Node starter = node();
		WorkflowHandle<?> run = starter.workflows.start("elsewhere", "x");
		assertThat(run.status()).isEqualTo(RunStatus.QUEUED);
		assertThatExceptionOfType(WorkflowNotFoundException.class)
			.isThrownBy(() -> starter.workflows.run("elsewhere", "x", String.class))
			.withMessageContaining("does not implement workflow 'elsewhere'");
		executing("elsewhere", (context, input) -> input);
		assertThat(run.result(PATIENCE)).isEqualTo("x");
	}

	@Test
	void aWorkflowIsImplementedOnce() {
		Node node = node();
		node.register(WorkflowDefinition.of("twice", String.class, String.class, (context, input) -> 1, "first"));
		assertThatExceptionOfType(DuplicateWorkflowException.class)
			.isThrownBy(() -> node
				.register(WorkflowDefinition.of("twice", String.class, String.class, (context, input) -> 2, "second")))
			.withMessage(
					"Workflow 'twice' is implemented twice: by first and by second. Give one of them another name");
	}

	@Test
	void unknownRunsAreNamed() {
		Node node = node();
		WorkflowTemplate workflows = node.workflows;
		for (Runnable call : List.<Runnable>of(() -> workflows.get(4711), () -> workflows.steps(4711),
				() -> workflows.cancel(4711), () -> workflows.pause(4711), () -> workflows.resume(4711),
				() -> workflows.retry(4711), () -> workflows.signal(4711, "x", null),
				() -> workflows.handle(4711, String.class),
				() -> workflows.result(4711, String.class, Duration.ZERO))) {
			assertThatExceptionOfType(RunNotFoundException.class).isThrownBy(call::run)
				.withMessageContaining("There is no run 4711");
		}
	}

	@Test
	void badArgumentsAreRefused() {
		Node node = node();
		WorkflowTemplate workflows = node.workflows;
		for (Runnable call : List.<Runnable>of(() -> workflows.start(" "), () -> workflows.start("x".repeat(181)),
				() -> workflows.start("x").key(""), () -> workflows.start("x").delay(Duration.ofSeconds(-1)),
				() -> workflows.start("x").timeout(Duration.ZERO),
				() -> workflows.start("x").delay(Duration.ZERO).at(Instant.now()).send(), () -> RunQuery.all().limit(0),
				() -> WorkflowRef.of("", String.class, String.class), () -> StepOptions.defaults().maxAttempts(0),
				() -> StepOptions.defaults().timeout(Duration.ZERO),
				() -> StepOptions.defaults().backoff(Duration.ofSeconds(2), 2, Duration.ofSeconds(1)),
				() -> node.pgqrs.enqueue(WorkflowQueues.of("x"), "no run"),
				() -> node.pgqrs.dequeue(WorkflowQueues.of("x"), 1))) {
			assertThatExceptionOfType(InvalidArgumentException.class).isThrownBy(call::run);
		}
	}

	@Test
	void aWorkflowThatThrowsFailsItsRun() {
		Node node = executing("broken", (context, input) -> {
			context.step("fine", () -> this.log.add("fine"));
			throw new IllegalStateException("no " + input);
		});
		WorkflowHandle<?> run = node.workflows.start("broken", "luck");
		assertThatExceptionOfType(WorkflowFailedException.class).isThrownBy(() -> run.result(PATIENCE))
			.withMessageContaining("no luck")
			.satisfies((ex) -> {
				assertThat(ex.getRunId()).isEqualTo(run.id());
				assertThat(ex.getError()).contains("IllegalStateException");
			});
		assertThat(run.status()).isEqualTo(RunStatus.ERROR);
		assertThat(run.get().error()).contains("\"type\"", "java.lang.IllegalStateException", "\"message\"", "no luck",
				"\"step\"", "\"attempts\"");
	}

	@Test
	void whoWaitsTooShortIsToldSoAndTheRunGoesOn() throws InterruptedException {
		CountDownLatch goOn = new CountDownLatch(1);
		Node node = executing("slow", (context, input) -> goOn.await(10, TimeUnit.SECONDS));
		WorkflowHandle<?> run = node.workflows.start("slow", null);
		assertThatExceptionOfType(WorkflowTimeoutException.class).isThrownBy(() -> run.result(Duration.ofMillis(50)))
			.withMessageContaining("has not ended within PT0.05S");
		goOn.countDown();
		assertThat(run.result(PATIENCE)).isEqualTo(true);
	}

	@Test
	void aStepWithoutABodyFailsTheRunAtOnce() {
		Node node = executing("bodiless", (context, input) -> context.step("none", String.class, null));
		WorkflowHandle<?> run = node.workflows.start("bodiless", null);
		assertThatExceptionOfType(WorkflowFailedException.class).isThrownBy(() -> run.result(PATIENCE))
			.withMessageContaining("Step 'none' has no body");
		assertThat(node.workflows.steps(run.id())).isEmpty();
	}

	@Test
	void aRunIsExecutedInline() {
		Node node = node();
		Thread caller = Thread.currentThread();
		node.register(WorkflowDefinition.of("inline", String.class, (context, input) -> {
			assertThat(Thread.currentThread()).isSameAs(caller);
			assertThat(WorkflowContext.current()).isSameAs(context);
			return context.step("upper", String.class, () -> did("upper", input.toUpperCase()));
		}));
		assertThat(node.workflows.run("inline", "x", String.class)).isEqualTo("X");
		assertThat(node.workflows.run(WorkflowRef.of("inline", String.class, String.class), "y")).isEqualTo("Y");
		assertThat(WorkflowContext.current()).isNull();
		List<WorkflowRun> runs = node.workflows.list(RunQuery.of("inline"));
		assertThat(runs).extracting(WorkflowRun::status).containsExactly(RunStatus.SUCCESS, RunStatus.SUCCESS);
		assertThat(runs).extracting(WorkflowRun::attempt).containsOnly(1);
	}

	@Test
	void anInlineRunThatFailsThrowsItsCause() {
		Node node = node();
		node.register(WorkflowDefinition.of("inline", String.class, (context, input) -> {
			throw new java.io.IOException("broken");
		}));
		assertThatExceptionOfType(WorkflowFailedException.class)
			.isThrownBy(() -> node.workflows.run("inline", "x", String.class))
			.withCauseInstanceOf(java.io.IOException.class)
			.withMessageContaining("broken");
	}

	@Test
	void anInlineRunSleepsAndRetriesWithoutAnyContainer() {
		Node node = node();
		AtomicInteger calls = new AtomicInteger();
		node.register(WorkflowDefinition.of("inline", String.class, (context, input) -> {
			context.sleep("nap", Duration.ofMillis(50));
			return context.step("flaky", Integer.class, QUICK, () -> {
				assertThat(calls.incrementAndGet()).isGreaterThan(1);
				return calls.get();
			});
		}));
		assertThat(node.workflows.run("inline", "x", Integer.class)).isEqualTo(2);
	}

	@Test
	void aCallerWhoIsInterruptedLeavesTheRunToOthers() throws InterruptedException {
		Node node = node();
		CountDownLatch inStep = new CountDownLatch(1);
		AtomicInteger calls = new AtomicInteger();
		WorkflowDefinition definition = WorkflowDefinition.of("inline", String.class,
				(context, input) -> context.step("wait", Integer.class, () -> {
					if (calls.incrementAndGet() == 1) {
						inStep.countDown();
						TimeUnit.SECONDS.sleep(20);
					}
					return calls.get();
				}));
		node.register(definition);
		Thread caller = new Thread(() -> assertThatExceptionOfType(PgqrsException.class)
			.isThrownBy(() -> node.workflows.run("inline", "x", Integer.class))
			.withMessageContaining("The run is not lost")
			.satisfies((ex) -> this.log.add("interrupted: " + Thread.currentThread().isInterrupted())));
		caller.start();
		assertThat(inStep.await(10, TimeUnit.SECONDS)).isTrue();
		caller.interrupt();
		caller.join(PATIENCE.toMillis());
		assertThat(this.log).containsExactly("interrupted: true");
		node.start();
		long id = node.workflows.list(RunQuery.of("inline")).get(0).id();
		assertThat(node.workflows.result(id, Integer.class, PATIENCE)).isEqualTo(2);
		assertThat(node.workflows.steps(id).get(0).attempts()).isEqualTo(1);
	}

	@Test
	void anInlineRunInATransactionIsRefused() {
		Node node = node();
		node.register(WorkflowDefinition.of("inline", String.class, (context, input) -> input));
		assertThatExceptionOfType(PgqrsException.class).isThrownBy(
				() -> this.database.transaction().execute((status) -> node.workflows.run("inline", "x", String.class)))
			.withMessageContaining("inside of a transaction");
		assertThat(node.workflows.list(RunQuery.of("inline"))).isEmpty();
	}

	@Test
	void aRunStaysHeldByTheCallerWhoExecutesIt() {
		Node node = node();
		node.engine.setVisibilityTimeout(Duration.ofMillis(300));
		node.register(WorkflowDefinition.of("inline", String.class, (context, input) -> {
			this.log.add("attempt " + context.attempt());
			WorkflowRun run = node.workflows.get(context.runId());
			assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
			assertThat(run.startedAt()).isNotNull();
			long end = System.nanoTime() + Duration.ofMillis(900).toNanos();
			await(() -> assertThat(System.nanoTime()).isGreaterThan(end));
			return input;
		}));
		node.start();
		assertThat(node.workflows.run("inline", "x", String.class)).isEqualTo("x");
		assertThat(this.log).containsExactly("attempt 1");
	}

	@Test
	void runsAreListed() {
		Node node = executing("listed", (context, input) -> {
			assertThat(input).isNotEqualTo("bad");
			return input;
		});
		long good = node.workflows.start("listed", "good").id();
		long bad = node.workflows.start("listed", "bad").id();
		long other = node.workflows.start("unlisted", "x").id();
		awaitStatus(node.workflows, good, RunStatus.SUCCESS);
		awaitStatus(node.workflows, bad, RunStatus.ERROR);
		assertThat(ids(node, RunQuery.all())).containsExactly(other, bad, good);
		assertThat(ids(node, RunQuery.of("listed"))).containsExactly(bad, good);
		assertThat(ids(node, RunQuery.of("listed").status(RunStatus.ERROR))).containsExactly(bad);
		assertThat(ids(node, RunQuery.all().status(RunStatus.QUEUED, RunStatus.SUCCESS))).containsExactly(other, good);
		assertThat(ids(node, RunQuery.all().limit(1))).containsExactly(other);
		assertThat(ids(node, RunQuery.all().before(other).limit(1))).containsExactly(bad);
		Instant began = node.workflows.get(good).createdAt();
		assertThat(ids(node, RunQuery.all().created(began, null))).hasSize(3);
		assertThat(ids(node, RunQuery.all().created(null, began))).isEmpty();
	}

	private static List<Long> ids(Node node, RunQuery query) {
		return node.workflows.list(query).stream().map(WorkflowRun::id).toList();
	}

	@Test
	void aResultIsReadByManyAtOnce() throws InterruptedException {
		CountDownLatch goOn = new CountDownLatch(1);
		Node node = executing("awaited", (context, input) -> {
			goOn.await(10, TimeUnit.SECONDS);
			return input;
		});
		WorkflowHandle<?> run = node.workflows.start("awaited", "x");
		AtomicInteger got = new AtomicInteger();
		List<Thread> waiting = java.util.stream.IntStream.range(0, 20).mapToObj((i) -> new Thread(() -> {
			if ("x".equals(run.result(PATIENCE))) {
				got.incrementAndGet();
			}
		})).toList();
		waiting.forEach(Thread::start);
		goOn.countDown();
		for (Thread thread : waiting) {
			thread.join();
		}
		assertThat(got).hasValue(20);
	}

	@Test
	void aRunStartsAnotherOne() {
		Node node = node();
		node.register(WorkflowDefinition.of("child", Integer.class, (context, input) -> input * 2));
		node.register(WorkflowDefinition.of("parent", Integer.class, (context, input) -> {
			long child = context.transactionalStep("start", Long.class,
					() -> node.workflows.start("child", input).id());
			return context.step("wait", Integer.class, () -> node.workflows.result(child, Integer.class, PATIENCE));
		}));
		node.start();
		assertThat(node.workflows.start("parent", 21).result(PATIENCE)).isEqualTo(42);
	}

	@Test
	void aMessageThatStandsForNoRunBecomesADeadLetter() {
		Node node = executing("real", (context, input) -> did("called", input));
		this.database.transaction()
			.executeWithoutResult((status) -> node.store.messages()
				.enqueue(new io.pgqrs.store.Enqueue(WorkflowQueues.of("real"), List.of("\"fake\""),
						"{\"pgqrs_timeout\":\"1\"}", 0, null, null, null)));
		await(() -> assertThat(node.store.deadLetters().find(WorkflowQueues.of("real"), 10)).singleElement()
			.satisfies((letter) -> assertThat(letter.error()).contains("There is no run " + letter.id())));
		assertThat(this.log).isEmpty();
	}

}

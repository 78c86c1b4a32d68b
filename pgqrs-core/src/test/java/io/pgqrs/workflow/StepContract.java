package io.pgqrs.workflow;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import io.pgqrs.PgqrsException;
import io.pgqrs.PayloadTooLargeException;
import org.junit.jupiter.api.Test;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What steps promise, on each backend. */
abstract class StepContract extends WorkflowTestBase {

	@Test
	void aCompletedStepIsNotExecutedAgain() {
		AtomicInteger calls = new AtomicInteger();
		Node node = executing("replayed", (context, input) -> {
			this.log.add("begin");
			context.step("first", () -> this.log.add("first"));
			context.step("flaky", QUICK, () -> {
				if (calls.incrementAndGet() < 3) {
					throw new IOException("not yet");
				}
			});
			return context.attempt();
		});
		WorkflowHandle<?> run = node.workflows.start("replayed", null);
		assertThat(run.result(PATIENCE)).isEqualTo(1);
		assertThat(this.log).containsExactly("begin", "first", "begin", "begin");
		StepInfo flaky = node.workflows.steps(run.id()).get(1);
		assertThat(flaky.attempts()).isEqualTo(3);
		assertThat(flaky.status()).isEqualTo(RunStatus.SUCCESS);
		assertThat(flaky.error()).isNull();
	}

	@Test
	void aRepeatedNameIsAnotherStep() {
		AtomicInteger calls = new AtomicInteger();
		Node node = executing("loop", (context, input) -> {
			List<Integer> squares = new ArrayList<>();
			for (int i = 1; i <= 3; i++) {
				int number = i;
				squares.add(context.step("square", Integer.class, () -> did("square " + number, number * number)));
			}
			context.step("crash", QUICK, () -> assertThat(calls.incrementAndGet()).isGreaterThan(1));
			return squares;
		});
		WorkflowHandle<?> run = node.workflows.start("loop", null);
		assertThat(run.result(PATIENCE)).isEqualTo(List.of(1, 4, 9));
		assertThat(this.log).containsExactly("square 1", "square 2", "square 3");
		assertThat(node.workflows.steps(run.id())).extracting(StepInfo::name)
			.containsExactly("square", "square#2", "square#3", "crash");
	}

	@Test
	void aNameThatLooksLikeARepetitionIsNoTrap() {
		Node node = executing("names", (context, input) -> {
			context.step("a#2", () -> this.log.add("one"));
			context.step("a", () -> this.log.add("two"));
			context.step("a", () -> this.log.add("three"));
			return null;
		});
		WorkflowHandle<?> run = node.workflows.start("names", null);
		run.result(PATIENCE);
		assertThat(this.log).containsExactly("one", "two", "three");
		assertThat(node.workflows.steps(run.id())).hasSize(3);
	}

	@Test
	void resultsAreTheSameTheFirstTimeAndInAReplay() {
		record Price(BigDecimal amount, List<String> tags, double change) {
		}
		AtomicInteger calls = new AtomicInteger();
		Node node = executing("same", (context, input) -> {
			Price price = context.step("price", Price.class,
					() -> new Price(new BigDecimal("1E+3"), new ArrayList<>(List.of("a")), -0.0));
			List<Price> prices = context.step("prices", new ParameterizedTypeReference<List<Price>>() {
			}, () -> List.of(price, price));
			Map<String, Integer> counts = context.step("counts",
					new ParameterizedTypeReference<Map<String, Integer>>() {
					}, () -> {
						Map<String, Integer> unordered = new LinkedHashMap<>();
						unordered.put("zebra", 1);
						unordered.put("ant", 2);
						unordered.put("b", 3);
						return unordered;
					});
			this.log.add(price + "" + prices + counts);
			context.step("crash", QUICK, () -> assertThat(calls.incrementAndGet()).isGreaterThan(1));
			return null;
		});
		node.workflows.start("same", null).result(PATIENCE);
		List<String> seen = List.copyOf(this.log);
		assertThat(seen).hasSize(2);
		assertThat(seen.get(1)).isEqualTo(seen.get(0)).contains("1E+3", "-0.0", "{zebra=1, ant=2, b=3}");
	}

	@Test
	void anInlineRunReadsTheInputThatAReplayWillRead() {
		AtomicInteger calls = new AtomicInteger();
		Node node = node();
		node.register(WorkflowDefinition.of("inline", new ParameterizedTypeReference<Map<String, Integer>>() {
		}, (context, input) -> {
			this.log.add(input.keySet().toString());
			context.step("crash", QUICK, () -> assertThat(calls.incrementAndGet()).isGreaterThan(1));
			return null;
		}));
		Map<String, Integer> input = new LinkedHashMap<>();
		input.put("zebra", 1);
		input.put("ant", 2);
		node.workflows.run("inline", input, Void.class);
		assertThat(this.log).hasSize(2);
		assertThat(this.log.stream().distinct()).hasSize(1);
	}

	@Test
	void aStepThatFailsForGoodFailsTheRun() {
		Node node = executing("failing", (context, input) -> {
			context.step("bad", QUICK.maxAttempts(2), () -> {
				this.log.add("called");
				throw new IOException("no network");
			});
			return null;
		});
		WorkflowHandle<?> run = node.workflows.start("failing", null);
		assertThatExceptionOfType(WorkflowFailedException.class).isThrownBy(() -> run.result(PATIENCE))
			.withMessageContaining("no network");
		assertThat(this.log).hasSize(2);
		assertThat(run.get().error()).contains("java.io.IOException", "no network", "\"bad\"")
			.containsPattern("\"attempts\":\\s*2");
		assertThat(node.workflows.steps(run.id())).singleElement().satisfies((step) -> {
			assertThat(step.status()).isEqualTo(RunStatus.ERROR);
			assertThat(step.attempts()).isEqualTo(2);
			assertThat(step.error()).contains("no network");
			assertThat(step.completedAt()).isNotNull();
		});
	}

	@Test
	void theDefaultIsThreeAttemptsWithABackoffFromOneSecond() {
		Node node = executing("defaults", (context, input) -> {
			context.step("bad", () -> {
				throw new IOException("no network");
			});
			return null;
		});
		WorkflowHandle<?> run = node.workflows.start("defaults", null);
		await(() -> assertThat(node.workflows.steps(run.id())).singleElement()
			.satisfies((step) -> assertThat(step.status()).isEqualTo(RunStatus.QUEUED)));
		// The message is given back after the step is recorded.
		awaitStatus(node.workflows, run.id(), RunStatus.QUEUED);
		assertThat(StepOptions.defaults().maxAttempts()).isEqualTo(3);
		assertThat(StepOptions.defaults().delay(1)).isBetween(Duration.ofMillis(800), Duration.ofMillis(1_200));
		assertThat(StepOptions.defaults().delay(20)).isBetween(Duration.ofSeconds(48), Duration.ofSeconds(60));
	}

	@Test
	void aTransientFailureSetsItsDelay() {
		AtomicInteger calls = new AtomicInteger();
		Node node = executing("transient", (context, input) -> context.step("limited", Integer.class, () -> {
			if (calls.incrementAndGet() == 1) {
				throw new TransientStepException("RATE_LIMIT", "come again", Duration.ofMillis(20));
			}
			return calls.get();
		}));
		// The default backoff would be a second.
		WorkflowHandle<?> run = node.workflows.start("transient", null);
		assertThat(run.result(PATIENCE)).isEqualTo(2);
		Duration took = Duration.between(run.get().startedAt(), run.get().completedAt());
		assertThat(took).isLessThan(Duration.ofMillis(800));
	}

	@Test
	void anErrorKeepsTheCodeOfATransientFailure() {
		Node node = executing("code", (context, input) -> {
			context.step("limited", StepOptions.defaults().maxAttempts(1), () -> {
				throw new TransientStepException("RATE_LIMIT", "come again", Duration.ZERO);
			});
			return null;
		});
		WorkflowHandle<?> run = node.workflows.start("code", null);
		awaitStatus(node.workflows, run.id(), RunStatus.ERROR);
		assertThat(run.get().error()).contains("RATE_LIMIT", TransientStepException.class.getName());
	}

	@Test
	void aPermanentFailureIsNotTriedAgain() {
		Node node = executing("permanent", (context, input) -> {
			context.step("bad", () -> {
				this.log.add("called");
				throw new PermanentStepException("never");
			});
			return null;
		});
		WorkflowHandle<?> run = node.workflows.start("permanent", null);
		assertThatExceptionOfType(WorkflowFailedException.class).isThrownBy(() -> run.result(PATIENCE))
			.withMessageContaining("never");
		assertThat(this.log).hasSize(1);
	}

	@Test
	void aWorkflowMayCatchTheFailureAndComesThatWayAgainInAReplay() {
		AtomicInteger calls = new AtomicInteger();
		Node node = executing("compensating", (context, input) -> {
			try {
				context.step("book", () -> {
					this.log.add("book");
					throw new PermanentStepException("sold out");
				});
			}
			catch (StepFailedException ex) {
				assertThat(ex.getStep()).isEqualTo("book");
				assertThat(ex.getError()).contains("sold out");
				assertThat(ex).hasMessage("Step 'book' failed: sold out");
				context.step("refund", () -> this.log.add("refund"));
			}
			context.step("crash", QUICK, () -> assertThat(calls.incrementAndGet()).isGreaterThan(1));
			return "refunded";
		});
		assertThat(node.workflows.start("compensating", null).result(PATIENCE)).isEqualTo("refunded");
		assertThat(this.log).containsExactly("book", "refund");
	}

	@Test
	void errorsOfTheJvmAreFailuresToo() {
		Node node = executing("error", (context, input) -> {
			context.step("bad", QUICK.maxAttempts(1), () -> {
				throw new NoClassDefFoundError("com/example/Missing");
			});
			return null;
		});
		WorkflowHandle<?> run = node.workflows.start("error", null);
		awaitStatus(node.workflows, run.id(), RunStatus.ERROR);
		assertThat(run.get().error()).contains("NoClassDefFoundError");
	}

	@Test
	void anAttemptThatTakesTooLongIsInterrupted() {
		AtomicInteger calls = new AtomicInteger();
		Node node = executing("hanging",
				(context, input) -> context.step("hang", Integer.class, QUICK.timeout(Duration.ofMillis(50)), () -> {
					if (calls.incrementAndGet() == 1) {
						TimeUnit.SECONDS.sleep(20);
					}
					return calls.get();
				}));
		WorkflowHandle<?> run = node.workflows.start("hanging", null);
		await(() -> assertThat(node.workflows.steps(run.id())).isNotEmpty());
		assertThat(run.result(PATIENCE)).isEqualTo(2);
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void aTimeoutSaysWhatWasTooSlow() {
		Node node = executing("hanging", (context, input) -> {
			context.step("hang", StepOptions.defaults().maxAttempts(1).timeout(Duration.ofMillis(30)),
					() -> TimeUnit.SECONDS.sleep(20));
			return null;
		});
		WorkflowHandle<?> run = node.workflows.start("hanging", null);
		awaitStatus(node.workflows, run.id(), RunStatus.ERROR);
		assertThat(run.get().error()).contains("StepTimeoutException", "took longer than its timeout of PT0.03S");
	}

	@Test
	void aResultThatCannotBeWrittenFailsTheStepAtOnce() {
		Node node = executing("unwritable", (context, input) -> {
			context.step("bad", Object.class, () -> {
				this.log.add("called");
				return new Object() {
					@SuppressWarnings("unused") // Jackson
					public Object getSelf() {
						return this;
					}
				};
			});
			return null;
		});
		WorkflowHandle<?> run = node.workflows.start("unwritable", null);
		assertThatExceptionOfType(WorkflowFailedException.class).isThrownBy(() -> run.result(PATIENCE))
			.withMessageContaining("step 'bad' of Run " + run.id())
			.withMessageContaining("cannot be written as JSON");
		assertThat(this.log).hasSize(1);
	}

	@Test
	void aResultThatCannotBeReadBackFailsTheStepAtOnce() {
		interface Shape {

		}
		record Circle(int radius) implements Shape {
		}
		Node node = executing("unreadable", (context, input) -> {
			context.step("bad", Shape.class, () -> did("called", new Circle(1)));
			return null;
		});
		WorkflowHandle<?> run = node.workflows.start("unreadable", null);
		assertThatExceptionOfType(WorkflowFailedException.class).isThrownBy(() -> run.result(PATIENCE))
			.withMessageContaining("can be written as JSON but not be read back as " + Shape.class.getName());
		assertThat(this.log).hasSize(1);
	}

	@Test
	void aResultThatIsTooLargeFailsTheStepAtOnce() {
		Node node = executing("large", (context, input) -> {
			context.step("bad", String.class, () -> did("called", "x".repeat(2 * 1024 * 1024)));
			return null;
		});
		WorkflowHandle<?> run = node.workflows.start("large", null);
		awaitStatus(node.workflows, run.id(), RunStatus.ERROR);
		assertThat(run.get().error()).contains(PayloadTooLargeException.class.getName());
		assertThat(this.log).hasSize(1);
	}

	@Test
	void aResultOfTheRunThatCannotBeWrittenFailsTheRun() {
		Node node = executing("unwritable", (context, input) -> {
			context.step("fine", () -> this.log.add("fine"));
			return "\u0000";
		});
		WorkflowHandle<?> run = node.workflows.start("unwritable", null);
		assertThatExceptionOfType(WorkflowFailedException.class).isThrownBy(() -> run.result(PATIENCE))
			.withMessageContaining("U+0000");
		assertThat(node.workflows.steps(run.id())).extracting(StepInfo::status).containsExactly(RunStatus.SUCCESS);
	}

	@Test
	@SuppressWarnings("unchecked")
	void aChangedTypeOnReplayIsAClearErrorAndTheRecordStays() {
		AtomicReference<Class<?>> type = new AtomicReference<>(String.class);
		AtomicInteger calls = new AtomicInteger();
		Node node = executing("changed", (context, input) -> {
			context.step("size", (Class<Object>) type.get(), () -> "large");
			context.step("crash", QUICK.maxAttempts(10), () -> {
				type.set((calls.incrementAndGet() == 1) ? Integer.class : String.class);
				assertThat(calls).hasValueGreaterThan(1);
			});
			return null;
		});
		WorkflowHandle<?> run = node.workflows.start("changed", null);
		assertThatExceptionOfType(WorkflowFailedException.class).isThrownBy(() -> run.result(PATIENCE))
			.withMessageContaining("What is recorded of step 'size'")
			.withMessageContaining("cannot be read as java.lang.Integer");
		assertThat(node.workflows.steps(run.id()).get(0).output()).isEqualTo("\"large\"");
		type.set(String.class);
		assertThat(node.workflows.retry(run.id())).isTrue();
		assertThat(run.result(PATIENCE)).isNull();
	}

	@Test
	void aStepThatBecameSomethingElseIsAClearError() {
		AtomicInteger calls = new AtomicInteger();
		Node node = executing("changed", (context, input) -> {
			if (calls.incrementAndGet() == 1) {
				context.step("wait", () -> {
				});
				context.sleep("nap", Duration.ofMillis(1));
			}
			context.sleep("wait", Duration.ofMillis(1));
			return null;
		});
		WorkflowHandle<?> run = node.workflows.start("changed", null);
		assertThatExceptionOfType(WorkflowFailedException.class).isThrownBy(() -> run.result(PATIENCE))
			.withMessageContaining("'wait' of Run " + run.id())
			.withMessageContaining("recorded as a STEP, but the workflow now comes to a SLEEP");
	}

	@Test
	void aStepInsideOfAStepIsAPartOfIt() {
		Node node = executing("nested", (context, input) -> context.step("outer", String.class,
				() -> context.step("inner", String.class, () -> did("inner", "x")) + "y"));
		WorkflowHandle<?> run = node.workflows.start("nested", null);
		assertThat(run.result(PATIENCE)).isEqualTo("xy");
		assertThat(node.workflows.steps(run.id())).extracting(StepInfo::name).containsExactly("outer");
	}

	@Test
	void aCheckedExceptionOfAnInnerStepComesOutOfTheOuterOne() {
		Node node = executing("nested", (context, input) -> {
			context.step("outer", QUICK.maxAttempts(1), () -> context.step("inner", () -> {
				throw new IOException("deep");
			}));
			return null;
		});
		WorkflowHandle<?> run = node.workflows.start("nested", null);
		awaitStatus(node.workflows, run.id(), RunStatus.ERROR);
		assertThat(run.get().error()).contains("java.io.IOException", "deep", "outer");
	}

	@Test
	void sleepingInsideOfAStepIsRefused() {
		Node node = executing("nested", (context, input) -> {
			context.step("outer", QUICK.maxAttempts(1), () -> context.sleep("nap", Duration.ofSeconds(1)));
			return null;
		});
		WorkflowHandle<?> run = node.workflows.start("nested", null);
		assertThatExceptionOfType(WorkflowFailedException.class).isThrownBy(() -> run.result(PATIENCE))
			.withMessageContaining("Inside of a step there is no sleep");
	}

	@Test
	void stepsMayRunAtOnceUnderNamesOfTheirOwn() {
		AtomicInteger calls = new AtomicInteger();
		ExecutorService threads = Executors.newFixedThreadPool(4);
		Node node = executing("parallel", (context, input) -> {
			List<Callable<Integer>> parts = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				int part = i;
				parts.add(() -> context.step("part " + part, Integer.class, QUICK, () -> {
					this.log.add("part " + part);
					if (part == 3 && calls.incrementAndGet() < 3) {
						throw new IOException("not yet");
					}
					return part;
				}));
			}
			int sum = 0;
			for (Future<Integer> part : threads.invokeAll(parts)) {
				sum += part.get();
			}
			return sum;
		});
		try {
			WorkflowHandle<?> run = node.workflows.start("parallel", null);
			assertThat(run.result(PATIENCE)).isEqualTo(28);
			assertThat(run.get().attempt()).isEqualTo(1);
			// Each once, and the one that failed three times.
			assertThat(this.log).hasSize(10).contains("part 0", "part 7");
			assertThat(node.workflows.steps(run.id())).hasSize(8);
		}
		finally {
			threads.shutdownNow();
		}
	}

	@Test
	void aContextIsOfNoUseWhenTheMethodHasEnded() {
		AtomicReference<WorkflowContext> kept = new AtomicReference<>();
		Node node = executing("kept", (context, input) -> {
			kept.set(context);
			return null;
		});
		node.workflows.start("kept", null).result(PATIENCE);
		assertThatExceptionOfType(PgqrsException.class).isThrownBy(() -> kept.get().step("late", () -> {
		})).withMessageContaining("has left its workflow method");
	}

	@Test
	void aWorkflowInATransactionIsRefused() {
		Node node = executing("tx", (context, input) -> this.database.transaction()
			.execute((status) -> context.step("inside", String.class, () -> did("called", "x"))));
		WorkflowHandle<?> run = node.workflows.start("tx", null);
		assertThatExceptionOfType(WorkflowFailedException.class).isThrownBy(() -> run.result(PATIENCE))
			.withMessageContaining("was called inside of a transaction");
		assertThat(this.log).isEmpty();
	}

	@Test
	void aTransactionalStepCommitsWithItsRecordOrNotAtAll() {
		JdbcClient jdbc = JdbcClient.create(this.database.store().dataSource());
		jdbc.sql("CREATE TABLE step_effects (run bigint NOT NULL, what varchar(100) NOT NULL)").update();
		try {
			AtomicInteger calls = new AtomicInteger();
			Node node = node();
			node.register(
					WorkflowDefinition.of("child", String.class, (context, input) -> did("child " + input, input)));
			node.register(WorkflowDefinition.of("booking", String.class, (context, input) -> {
				context.transactionalStep("book", QUICK, () -> {
					int call = calls.incrementAndGet();
					jdbc.sql("INSERT INTO step_effects VALUES (?, ?)").params(context.runId(), "call " + call).update();
					node.pgqrs.enqueue("booked", call);
					node.workflows.start("child", "of call " + call);
					if (call < 3) {
						throw new IOException("rolled back");
					}
				});
				return null;
			}));
			node.start();
			WorkflowHandle<?> run = node.workflows.start("booking", "x");
			run.result(PATIENCE);
			assertThat(jdbc.sql("SELECT what FROM step_effects").query(String.class).list()).containsExactly("call 3");
			assertThat(node.pgqrs.dequeue("booked", 10)).singleElement()
				.satisfies((message) -> assertThat(message.payload()).isEqualTo("3"));
			await(() -> assertThat(this.log).containsExactly("child of call 3"));
			assertThat(node.workflows.list(RunQuery.of("child"))).hasSize(1);
			assertThat(node.workflows.steps(run.id()).get(0).attempts()).isEqualTo(3);
		}
		finally {
			jdbc.sql("DROP TABLE step_effects").update();
		}
	}

	@Test
	void aTransactionThatCannotCommitIsAFailedAttempt() {
		AtomicInteger calls = new AtomicInteger();
		Node node = executing("doomed",
				(context, input) -> context.transactionalStep("book", Integer.class, QUICK, () -> {
					if (calls.incrementAndGet() == 1) {
						this.database.transaction().executeWithoutResult((status) -> status.setRollbackOnly());
					}
					return calls.get();
				}));
		WorkflowHandle<?> run = node.workflows.start("doomed", null);
		assertThat(run.result(PATIENCE)).isEqualTo(2);
		assertThat(node.workflows.steps(run.id()).get(0).attempts()).isEqualTo(2);
	}

	@Test
	void anInterruptThatABodyLeavesBehindDoesNoHarm() {
		Node node = executing("interrupted", (context, input) -> {
			context.step("rude", () -> Thread.currentThread().interrupt());
			Thread.currentThread().interrupt();
			LockSupport.parkNanos(1);
			return "done";
		});
		assertThat(node.workflows.start("interrupted", null).result(PATIENCE)).isEqualTo("done");
	}

}

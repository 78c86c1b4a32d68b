package io.pgqrs.crash;

import java.util.List;
import java.util.UUID;

import io.pgqrs.store.PgqrsStore;
import io.pgqrs.workflow.StepOptions;
import io.pgqrs.workflow.WorkflowContext;
import io.pgqrs.workflow.WorkflowDefinition;

/**
 * A workflow with a gate, whose place the input of the run tells. One process waits at
 * it, another one just passes.
 */
final class WorkflowGates {

	static final String WORKFLOW = "gates";

	static final List<String> STEPS = List.of("first", "charge", "last");

	private static final StepOptions ONCE = StepOptions.defaults().maxAttempts(1);

	private final WorkflowDatabase database;

	private final PgqrsStore store;

	private final Gate gate;

	/**
	 * Makes the workflow.
	 * @param database has the table {@code pgqrs_crash_effects}
	 * @param store of that database, to execute runs on
	 * @param gate what happens at the gate
	 */
	WorkflowGates(WorkflowDatabase database, PgqrsStore store, Gate gate) {
		this.database = database;
		this.store = store;
		this.gate = gate;
	}

	WorkflowDefinition definition() {
		return WorkflowDefinition.of(WORKFLOW, Place.class, this::run);
	}

	private String run(WorkflowContext run, Place place) throws Exception {
		String first = run.step("first", String.class, () -> execution("first"));
		String charged = run.transactionalStep("charge", String.class, ONCE, () -> {
			pass(place, Place.IN_TRANSACTIONAL_STEP);
			this.database.sql(this.store, "INSERT INTO pgqrs_crash_effects (run_id) VALUES (:run)")
				.param("run", run.runId())
				.update();
			return execution("charge");
		});
		leave(place, Place.IN_TRANSACTIONAL_STEP);
		String last = run.step("last", String.class, ONCE, () -> {
			pass(place, Place.IN_STEP);
			pass(place, Place.IN_FAILING_STEP);
			return execution("last");
		});
		leave(place, Place.IN_STEP);
		pass(place, Place.AFTER_LAST_STEP);
		pass(place, Place.IN_FAILING_WORKFLOW);
		return String.join(", ", first, charged, last);
	}

	private void pass(Place place, Place here) throws Exception {
		if (place == here) {
			this.gate.pass(place);
		}
	}

	private void leave(Place place, Place here) throws Exception {
		if (place == here) {
			this.gate.leave(place);
		}
	}

	/** Each execution has a result of its own, which tells what executed it. */
	private static String execution(String step) {
		return step + "/" + processName() + "/" + UUID.randomUUID();
	}

	static String processName() {
		return Long.toString(ProcessHandle.current().pid());
	}

	static String processOf(String execution) {
		return execution.split("/")[1];
	}

	/** Where the gate is. */
	enum Place {

		/** In the body of a step that succeeds. */
		IN_STEP(2),

		/** In the body of a transactional step that succeeds. */
		IN_TRANSACTIONAL_STEP(1),

		/** In the body of a step that fails when it goes on. */
		IN_FAILING_STEP(2),

		/** In the workflow, which has nothing left to do than to return. */
		AFTER_LAST_STEP(3),

		/** In the workflow, which fails when it goes on. */
		IN_FAILING_WORKFLOW(3);

		private final int completeSteps;

		Place(int completeSteps) {
			this.completeSteps = completeSteps;
		}

		/** How many steps are complete at the gate. */
		int completeSteps() {
			return this.completeSteps;
		}

		boolean isInStep() {
			return this.completeSteps < STEPS.size();
		}

		boolean isFailing() {
			return this == IN_FAILING_STEP || this == IN_FAILING_WORKFLOW;
		}

	}

	/** What happens at a gate. */
	interface Gate {

		/** The run has come to it. */
		void pass(Place place) throws Exception;

		/** The run has left the step that it is in. */
		void leave(Place place) throws Exception;

	}

}

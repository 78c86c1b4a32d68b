package io.pgqrs.workflow;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ParameterizedTypeReference;

/** A run that is recorded nowhere but here: it executes each step, and tells of it. */
public final class RecordingWorkflowContext implements WorkflowContext {

	private final List<Step> steps = new ArrayList<>();

	private final Consumer<String> events;

	private final int attempts;

	public RecordingWorkflowContext() {
		this((event) -> {
		}, 1);
	}

	/**
	 * Makes a run.
	 * @param events is told when a step begins and ends
	 * @param attempts how often the body of each step is called
	 */
	public RecordingWorkflowContext(Consumer<String> events, int attempts) {
		this.events = events;
		this.attempts = attempts;
	}

	/** The steps that were asked for, without those inside of others. */
	public List<Step> steps() {
		return this.steps;
	}

	/** The only step. */
	public Step step() {
		if (this.steps.size() != 1) {
			throw new AssertionError("Not one step: " + this.steps);
		}
		return this.steps.get(0);
	}

	/** Calls a workflow as the engine does. */
	public @Nullable Object run(WorkflowDefinition definition, @Nullable Object input) throws Exception {
		return call(() -> definition.run(this, input));
	}

	/** Calls something as a part of the run. */
	public <T> @Nullable T call(Callable<? extends @Nullable T> body) throws Exception {
		return RunScope.<@Nullable T>call(this, false, body);
	}

	public static Type inputType(WorkflowDefinition definition) {
		return definition.inputType();
	}

	public static Type resultType(WorkflowDefinition definition) {
		return definition.resultType();
	}

	@Override
	public long runId() {
		return 7;
	}

	@Override
	public String workflow() {
		return "recorded";
	}

	@Override
	public int attempt() {
		return 1;
	}

	@Override
	public <T> T step(String name, ParameterizedTypeReference<T> type, StepOptions options,
			Callable<? extends @Nullable T> body) {
		return step(new Step(name, type.getType(), options, false), body);
	}

	@Override
	public <T> T transactionalStep(String name, ParameterizedTypeReference<T> type, StepOptions options,
			Callable<? extends @Nullable T> body) {
		return step(new Step(name, type.getType(), options, true), body);
	}

	private <T> @Nullable T step(Step step, Callable<? extends @Nullable T> body) {
		try {
			if (RunScope.isInStepOf(this)) {
				return body.call();
			}
			this.steps.add(step);
			this.events.accept("step begins");
			T result = null;
			for (int i = 0; i < this.attempts; i++) {
				result = RunScope.<@Nullable T>call(this, true, body);
			}
			this.events.accept("step ends");
			return result;
		}
		catch (Exception ex) {
			throw RecordingWorkflowContext.<RuntimeException>unchecked(ex);
		}
	}

	@SuppressWarnings("unchecked")
	private static <E extends Exception> E unchecked(Exception exception) throws E {
		throw (E) exception;
	}

	@Override
	public void sleep(String name, Duration duration) {
		throw new UnsupportedOperationException();
	}

	@Override
	public <T> Optional<T> awaitSignal(String name, ParameterizedTypeReference<T> type, Duration timeout) {
		throw new UnsupportedOperationException();
	}

	/**
	 * What a step was asked for with.
	 *
	 * @param name of the step
	 * @param type of the result
	 * @param options how it is tried
	 * @param transactional whether it is a transaction
	 */
	public record Step(String name, Type type, StepOptions options, boolean transactional) {
	}

}

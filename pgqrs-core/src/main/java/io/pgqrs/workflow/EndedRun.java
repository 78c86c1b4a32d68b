package io.pgqrs.workflow;

import java.lang.reflect.Type;

import io.pgqrs.PayloadConversionException;
import io.pgqrs.store.RunRecord;
import io.pgqrs.support.PayloadJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What a run ended with.
 *
 * @param id of the run
 * @param workflow its name
 * @param status one that is an end
 * @param output JSON, or null
 * @param error JSON, or null
 */
record EndedRun(long id, String workflow, String status, @Nullable String output, @Nullable String error) {

	static EndedRun of(RunRecord run) {
		return new EndedRun(run.id(), run.workflow(), run.status(), run.output(), run.error());
	}

	/**
	 * The result, for who waits for it.
	 * @param json reads it
	 * @param type what it is to be
	 * @param cause what the workflow threw, if that is known
	 * @return null if there is none
	 * @throws WorkflowFailedException if the run failed
	 * @throws WorkflowCancelledException if it was cancelled
	 */
	@Nullable Object result(PayloadJson json, Type type, @Nullable Throwable cause) {
		return switch (RunStatus.valueOf(this.status)) {
			case CANCELLED -> throw new WorkflowCancelledException(this.id);
			case ERROR -> {
				String text = String.valueOf(this.error);
				throw new WorkflowFailedException(this.id,
						"Run " + this.id + " of workflow '" + this.workflow + "' failed: " + RunErrors.message(text),
						text, cause);
			}
			default -> (this.output != null) ? read(json, this.output, type) : null;
		};
	}

	private @Nullable Object read(PayloadJson json, String output, Type type) {
		try {
			return (type == Void.class) ? null : json.read(output, type);
		}
		catch (JacksonException | IllegalArgumentException ex) {
			throw new PayloadConversionException("The result of run " + this.id + " of workflow '" + this.workflow
					+ "' cannot be read as " + type.getTypeName() + ": " + ex.getMessage(), ex);
		}
	}

}

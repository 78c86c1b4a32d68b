package io.pgqrs.workflow;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.pgqrs.QueueMessage;
import io.pgqrs.listener.AccountingListener;
import io.pgqrs.store.Lease;
import io.pgqrs.store.RunHistory;
import io.pgqrs.support.FailureReport;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.dao.DataAccessException;

/** Turns the messages of a workflow's queue into runs to execute. */
final class WorkflowListener implements AccountingListener {

	private static final Log logger = LogFactory.getLog(WorkflowListener.class);

	private final WorkflowEngine engine;

	private final WorkflowDefinition definition;

	WorkflowListener(WorkflowEngine engine, WorkflowDefinition definition) {
		this.engine = engine;
		this.definition = definition;
	}

	/** Reads what runs have behind them, once for all of a claim. */
	@Override
	public List<RunTask> take(List<QueueMessage> messages) {
		List<Lease> again = messages.stream()
			.filter((message) -> !RunTask.isFresh(message))
			.map(QueueMessage::lease)
			.toList();
		long readAt = System.nanoTime();
		if (!again.isEmpty()) {
			try {
				Map<Long, RunHistory> histories = this.engine.steps().histories(again);
				return messages.stream().map((message) -> task(message, histories, readAt)).toList();
			}
			catch (DataAccessException ex) {
				logger.debug("Each run reads its steps itself, because of " + FailureReport.rootMessage(ex));
			}
		}
		return messages.stream().map((message) -> new RunTask(this.engine, this.definition, message)).toList();
	}

	private RunTask task(QueueMessage message, Map<Long, RunHistory> histories, long readAt) {
		RunHistory history = histories.get(message.id());
		return (history != null) ? new RunTask(this.engine, this.definition, message, new Replay(history, readAt))
				: new RunTask(this.engine, this.definition, message);
	}

	@Override
	public Set<Long> settle(List<? extends Task> tasks) {
		return this.engine.finish(tasks.stream().map(RunTask.class::cast).toList());
	}

}

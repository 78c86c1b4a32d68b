package io.pgqrs.crash;

import java.nio.file.Path;
import java.time.Duration;

/**
 * One JVM that executes a {@link WorkflowOrder} until it comes to a boundary, and halts
 * there. Arguments: JDBC URL, schema, name of the workflow, file of the bodies, boundary.
 */
final class WorkflowProcess {

	private static final Duration POLL_INTERVAL = Duration.ofSeconds(5);

	private WorkflowProcess() {
	}

	public static void main(String[] args) {
		execute(new WorkflowDatabase(args[0], args[1]), args[2], Path.of(args[3]), new WorkflowBoundaries(args[4]));
		System.exit(0);
	}

	/** What this process does, up to its boundary. */
	static String execute(WorkflowDatabase database, String workflow, Path bodies, WorkflowBoundaries boundaries) {
		return new WorkflowOrder(database, database.newStore(boundaries::wrap), workflow, bodies, boundaries)
			.execute(POLL_INTERVAL);
	}

}

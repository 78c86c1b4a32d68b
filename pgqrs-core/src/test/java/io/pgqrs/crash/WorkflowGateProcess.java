package io.pgqrs.crash;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.pgqrs.crash.WorkflowGates.Gate;
import io.pgqrs.crash.WorkflowGates.Place;
import io.pgqrs.listener.ContainerOptions;

/**
 * One JVM that executes {@link WorkflowGates}, and waits at each gate until that is
 * opened, until its standard input ends. Arguments: JDBC URL, schema, milliseconds of a
 * lease, directory: files there say that a gate was reached or left, and one opens all of
 * them.
 */
final class WorkflowGateProcess {

	private static final String OPEN = "open";

	private static final String LEFT = "left-";

	private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	private WorkflowGateProcess() {
	}

	public static void main(String[] args) throws IOException {
		WorkflowDatabase database = new WorkflowDatabase(args[0], args[1]);
		Path directory = Path.of(args[3]);
		ContainerOptions options = ContainerOptions.builder()
			.concurrency(Place.values().length)
			.visibilityTimeout(Duration.ofMillis(Long.parseLong(args[2])))
			.build();
		try (WorkflowNode node = new WorkflowNode(database.store(), options)) {
			node.register(new WorkflowGates(database, database.store(), gate(directory)).definition());
			node.start();
			System.in.transferTo(OutputStream.nullOutputStream());
		}
		System.exit(0);
	}

	private static Gate gate(Path directory) {
		return new Gate() {

			@Override
			public void pass(Place place) throws IOException {
				await(directory, place);
			}

			@Override
			public void leave(Place place) throws IOException {
				Files.createFile(directory.resolve(LEFT + place));
			}

		};
	}

	private static void await(Path directory, Place place) throws IOException {
		Files.createFile(directory.resolve(place.name()));
		while (!Files.exists(directory.resolve(OPEN))) {
			LockSupport.parkNanos(GLANCE_NANOS);
		}
		if (place.isFailing()) {
			throw new IllegalStateException("Woken up too late");
		}
	}

	/** Whether such a process waits at a gate. */
	static boolean isAt(Path directory, Place place) {
		return Files.exists(directory.resolve(place.name()));
	}

	/** Whether a run left the step that a gate is in, and went on in such a process. */
	static boolean hasLeft(Path directory, Place place) {
		return Files.exists(directory.resolve(LEFT + place));
	}

	/** Opens all gates. */
	static void open(Path directory) throws IOException {
		Files.createFile(directory.resolve(OPEN));
	}

}

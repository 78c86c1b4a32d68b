package io.pgqrs.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** JVMs that run one main class, and can be killed. */
final class Processes implements AutoCloseable {

	private final List<String> command;

	private final Path log;

	private final List<Process> running = new ArrayList<>();

	private final Random random = new Random(42);

	Processes(Path directory, String... arguments) {
		this(directory, ConsumerProcess.class, arguments);
	}

	Processes(Path directory, Class<?> main, String... arguments) {
		this.log = directory.resolve(main.getSimpleName() + ".log");
		this.command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx128m",
				"-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), main.getName()));
		this.command.addAll(Arrays.asList(arguments));
	}

	void start(int count) {
		for (int i = 0; i < count; i++) {
			start();
		}
	}

	Process start() {
		try {
			Process process = new ProcessBuilder(this.command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(this.log.toFile()))
				.start();
			this.running.add(process);
			return process;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Kills one as {@code kill -9} does. */
	void kill(Process victim) {
		this.running.remove(victim);
		victim.destroyForcibly();
	}

	/** Kills one of them as {@code kill -9} does, and starts another one. */
	void killOne() {
		killOne((process) -> true);
	}

	/**
	 * Kills one of some of them, and starts another one.
	 * @return false if there is none of that kind
	 */
	boolean killOne(Predicate<Process> kind) {
		List<Process> victims = this.running.stream().filter(kind).toList();
		if (victims.isEmpty()) {
			return false;
		}
		Process victim = victims.get(this.random.nextInt(victims.size()));
		kill(victim);
		start();
		return true;
	}

	/** What all of them have written by now. */
	String log() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Lets them stop in order. */
	@Override
	public void close() throws IOException {
		for (Process process : this.running) {
			process.getOutputStream().close();
		}
		for (Process process : this.running) {
			try {
				if (!process.waitFor(30, TimeUnit.SECONDS)) {
					process.destroyForcibly();
				}
			}
			catch (InterruptedException ex) {
				process.destroyForcibly();
				Thread.currentThread().interrupt();
			}
		}
	}

}

package io.pgqrs.crash;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** JVMs that run {@link ConsumerProcess}, and can be killed. */
final class Processes implements AutoCloseable {

	private final List<String> command;

	private final Path log;

	private final List<Process> running = new ArrayList<>();

	private final Random random = new Random(42);

	Processes(Path directory, String... arguments) {
		this.log = directory.resolve("consumers.log");
		this.command = new ArrayList<>(
				List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx128m", "-XX:TieredStopAtLevel=1",
						"-cp", System.getProperty("java.class.path"), ConsumerProcess.class.getName()));
		this.command.addAll(Arrays.asList(arguments));
	}

	void start(int count) {
		for (int i = 0; i < count; i++) {
			start();
		}
	}

	private void start() {
		try {
			File file = this.log.toFile();
			this.running.add(new ProcessBuilder(this.command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(file))
				.start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Kills one of them as {@code kill -9} does, and starts another one. */
	void killOne() {
		Process victim = this.running.remove(this.random.nextInt(this.running.size()));
		victim.destroyForcibly();
		start();
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

package io.pgqrs.store.sqlite;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.pgqrs.store.NewRun;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.QueueSettings;
import io.pgqrs.store.StartedRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.JDBC;

import org.springframework.jdbc.datasource.SimpleDriverDataSource;

import static org.assertj.core.api.Assertions.assertThat;

class SqliteWorkflowProcessTests {

	private static final int KEYS = 200;

	private static final int PROCESSES = 2;

	@TempDir
	Path directory;

	@Test
	void aKeyIsStartedOnceThoughTwoProcessesTry() throws Exception {
		Path file = this.directory.resolve("app.db");
		PgqrsStore store = store(file);
		store.schema().migrate();
		store.queues()
			.create("queue", new QueueSettings(Duration.ofSeconds(30), 3, Duration.ofSeconds(1), 2,
					Duration.ofMinutes(5), true, Duration.ofDays(7), Duration.ofDays(30)));
		List<Process> processes = new ArrayList<>();
		try {
			for (int i = 0; i < PROCESSES; i++) {
				processes.add(start(file));
			}
			for (Process process : processes) {
				assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("ready");
			}
			for (Process process : processes) {
				process.getOutputStream().close();
			}
			List<String> created = new ArrayList<>();
			List<List<String>> ids = new ArrayList<>();
			for (Process process : processes) {
				List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
				assertThat(lines).hasSize(KEYS);
				created.addAll(lines.stream().filter((line) -> line.endsWith(" true")).toList());
				ids.add(lines.stream().map((line) -> line.substring(0, line.indexOf(' '))).toList());
				assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
			}
			assertThat(ids).allSatisfy((own) -> assertThat(own).isEqualTo(ids.get(0)).doesNotHaveDuplicates());
			assertThat(created).hasSize(KEYS).doesNotHaveDuplicates();
		}
		finally {
			processes.forEach(Process::destroyForcibly);
		}
	}

	private static Process start(Path file) throws IOException {
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), Starter.class.getName(), file.toString())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
	}

	private static PgqrsStore store(Path file) {
		return SqliteStore.create(new SimpleDriverDataSource(new JDBC(), SqliteFiles.url(file)),
				SqliteOptions.defaults());
	}

	/** Starts runs once its input ends, and prints what became of each. */
	static final class Starter {

		private Starter() {
		}

		public static void main(String[] args) throws Exception {
			PgqrsStore store = store(Path.of(args[0]));
			store.queues().findAll();
			PrintStream output = System.out;
			output.println("ready");
			System.in.readAllBytes();
			for (int i = 0; i < KEYS; i++) {
				StartedRun run = store.runs()
					.start(new NewRun("workflow", "queue", "key-" + i, null, 0, null, null, null, null));
				output.println(run.id() + " " + run.created());
			}
		}

	}

}

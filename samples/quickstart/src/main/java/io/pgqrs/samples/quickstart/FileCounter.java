package io.pgqrs.samples.quickstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringTokenizer;

import io.pgqrs.QueueMessage;
import io.pgqrs.annotation.PgqrsListener;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Handles the jobs. The row it writes and the end of the message commit together, so a
 * plain INSERT is enough: whatever crashes, a file is counted once.
 */
@Component
class FileCounter {

	private final JdbcClient jdbc;

	private final QuickstartProperties properties;

	FileCounter(JdbcClient jdbc, QuickstartProperties properties) {
		this.jdbc = jdbc;
		this.properties = properties;
	}

	@PgqrsListener(queues = Scans.QUEUE, concurrency = "4", ackMode = "TRANSACTIONAL")
	void count(CountFile job, QueueMessage message) throws IOException, InterruptedException {
		long lines = 0;
		long words = 0;
		try (BufferedReader reader = new BufferedReader(open(job))) {
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				lines++;
				words += new StringTokenizer(line).countTokens();
			}
		}
		Thread.sleep(this.properties.delay().toMillis());
		this.jdbc.sql("""
				INSERT INTO file_counts (message_id, scan_id, file, extension, lines, words)
				VALUES (:message, :scan, :file, :extension, :lines, :words)""")
			.param("message", message.id())
			.param("scan", job.scan())
			.param("file", job.file())
			.param("extension", extension(job.file()))
			.param("lines", lines)
			.param("words", words)
			.update();
	}

	private static Reader open(CountFile job) throws IOException {
		if (job.text() != null) {
			return new StringReader(job.text());
		}
		return new InputStreamReader(Files.newInputStream(Path.of(job.file())), StandardCharsets.UTF_8);
	}

	private static String extension(String file) {
		String name = String.valueOf(Path.of(file).getFileName());
		int dot = name.lastIndexOf('.');
		return (dot > 0) ? name.substring(dot + 1) : "(none)";
	}

}

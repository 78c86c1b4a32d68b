package io.pgqrs.samples.quickstart;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import io.pgqrs.DeadLetter;
import io.pgqrs.PgqrsAdmin;
import io.pgqrs.PgqrsOperations;
import io.pgqrs.QueueMetrics;
import io.pgqrs.samples.quickstart.Scan.Progress;
import io.pgqrs.samples.quickstart.Scan.Total;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.SimplePropertyRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The scans, in tables of the application's own ({@code schema.sql}). */
@Service
class Scans {

	static final String QUEUE = "files";

	private static final int MAX_FAILURES = 1000;

	private final JdbcClient jdbc;

	private final PgqrsOperations pgqrs;

	private final PgqrsAdmin admin;

	private final JsonMapper json;

	Scans(JdbcClient jdbc, PgqrsOperations pgqrs, PgqrsAdmin admin, JsonMapper json) {
		this.jdbc = jdbc;
		this.pgqrs = pgqrs;
		this.admin = admin;
		this.json = json;
	}

	/**
	 * Begins a scan, or joins the one of this directory that somebody else has just
	 * begun. The scan and its jobs commit together: a crash leaves all of them or
	 * nothing.
	 */
	@Transactional
	Scan begin(Path input, List<Path> files) {
		Scan scan = new Scan(UUID.randomUUID().toString(), input.toString(), files.size());
		int inserted = this.jdbc
			.sql("INSERT INTO scans (id, input, files) VALUES (:id, :input, :files) ON CONFLICT DO NOTHING")
			.paramSource(scan)
			.update();
		if (inserted == 0) {
			return unfinished(input).orElseThrow();
		}
		this.pgqrs.enqueueAll(QUEUE,
				files.stream().map((file) -> new CountFile(scan.id(), file.toString(), null)).toList());
		return scan;
	}

	Optional<Scan> unfinished(Path input) {
		return this.jdbc.sql("SELECT id, input, files FROM scans WHERE input = :input AND NOT finished")
			.param("input", input.toString())
			.query(Scan.class)
			.optional();
	}

	Progress progress(Scan scan) {
		// First the queue, then the table: what has left the one by now is in the other.
		QueueMetrics queue = this.admin.metrics(QUEUE);
		int counted = this.jdbc.sql("SELECT count(*) FROM file_counts WHERE scan_id = :id")
			.param("id", scan.id())
			.query(Integer.class)
			.single();
		boolean empty = queue.ready() + queue.delayed() + queue.inFlight() == 0;
		return new Progress(counted, empty || counted == scan.files());
	}

	void finish(Scan scan) {
		this.jdbc.sql("UPDATE scans SET finished = TRUE WHERE id = :id").param("id", scan.id()).update();
	}

	List<Total> totals(Scan scan) {
		return this.jdbc.sql("""
				SELECT extension, count(*) AS files, sum(lines) AS lines, sum(words) AS words
				FROM file_counts WHERE scan_id = :id
				GROUP BY extension ORDER BY lines DESC, extension""")
			.param("id", scan.id())
			.query(new SimplePropertyRowMapper<>(Total.class))
			.list();
	}

	/** Files that could not be counted, and why. */
	List<String> failures(Scan scan) {
		return this.admin.deadLetters(QUEUE, MAX_FAILURES)
			.stream()
			.filter((letter) -> job(letter).scan().equals(scan.id()))
			.map((letter) -> job(letter).file() + " (" + letter.attempts() + " attempts): " + error(letter))
			.toList();
	}

	private CountFile job(DeadLetter letter) {
		return this.json.readValue(letter.payload(), CountFile.class);
	}

	private String error(DeadLetter letter) {
		return this.json.readTree(letter.error()).path("type").asString();
	}

}

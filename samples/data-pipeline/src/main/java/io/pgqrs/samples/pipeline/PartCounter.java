package io.pgqrs.samples.pipeline;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.pgqrs.annotation.PgqrsListener;
import io.pgqrs.workflow.WorkflowOperations;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Handles the jobs. The row it writes, the signal to the run and the end of the message
 * commit together: whatever crashes, a part is counted once, and its run told once.
 */
@Component
class PartCounter {

	private static final Log logger = LogFactory.getLog(PartCounter.class);

	private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+(?:['’]\\p{L}+)*");

	private final JdbcClient jdbc;

	private final JsonMapper json;

	private final WorkflowOperations workflows;

	PartCounter(JdbcClient jdbc, JsonMapper json, WorkflowOperations workflows) {
		this.jdbc = jdbc;
		this.json = json;
		this.workflows = workflows;
	}

	@PgqrsListener(queues = TextSplitter.QUEUE, concurrency = "4", ackMode = "TRANSACTIONAL")
	void count(CountPart job) {
		Map<String, Integer> counts = WORD.matcher(job.text())
			.results()
			.collect(Collectors.toMap((word) -> word.group().toLowerCase(Locale.ROOT), (word) -> 1, Integer::sum,
					TreeMap::new));
		int words = counts.values().stream().mapToInt(Integer::intValue).sum();
		this.jdbc.sql("INSERT INTO part_counts (run_id, part, counts) VALUES (:run, :part, :counts)")
			.param("run", job.run())
			.param("part", job.part())
			.param("counts", this.json.writeValueAsString(counts))
			.update();
		this.workflows.signal(job.run(), DataPipeline.counted(job.part()), words);
		logger.info("Run " + job.run() + ": part " + job.part() + " has " + words + " words");
	}

}

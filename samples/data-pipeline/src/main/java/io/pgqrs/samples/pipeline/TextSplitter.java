package io.pgqrs.samples.pipeline;

import java.util.ArrayList;
import java.util.List;

import io.pgqrs.PgqrsOperations;
import io.pgqrs.annotation.PgqrsStep;

import org.springframework.stereotype.Component;

/** Splits a text into parts, and makes each of them a job. */
@Component
class TextSplitter {

	static final String QUEUE = "count-part";

	static final int PARTS = 8;

	private final PgqrsOperations pgqrs;

	TextSplitter(PgqrsOperations pgqrs) {
		this.pgqrs = pgqrs;
	}

	/**
	 * The jobs and the record of the step commit together: a crash leaves all of them or
	 * nothing.
	 * @return how many parts there are; the parts of a short text are lines
	 */
	@PgqrsStep(transactional = true)
	int split(long run, String text) {
		List<String> lines = text.lines().toList();
		int size = Math.max(1, (lines.size() + PARTS - 1) / PARTS);
		List<CountPart> parts = new ArrayList<>();
		for (int from = 0; from < lines.size(); from += size) {
			List<String> part = lines.subList(from, Math.min(from + size, lines.size()));
			parts.add(new CountPart(run, parts.size() + 1, String.join("\n", part)));
		}
		this.pgqrs.enqueueAll(QUEUE, parts);
		return parts.size();
	}

}

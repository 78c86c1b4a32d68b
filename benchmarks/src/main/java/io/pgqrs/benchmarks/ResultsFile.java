package io.pgqrs.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Results as JSON lines: for each run a line that describes it, then one for each
 * measurement. Each line is on disk before the next measurement begins, so a run that is
 * broken off loses nothing.
 */
public final class ResultsFile implements AutoCloseable {

	private static final String TYPE = "type";

	private static final String RUN = "run";

	private static final String RESULT = "result";

	private static final JsonMapper JSON = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
		.enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
		.enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.build();

	private final BufferedWriter writer;

	private ResultsFile(BufferedWriter writer) {
		this.writer = writer;
	}

	/**
	 * Opens a file to append to.
	 * @param file created, with its directories, if it does not exist
	 */
	public static ResultsFile open(Path file) throws IOException {
		Files.createDirectories(file.toAbsolutePath().getParent());
		return new ResultsFile(Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
	}

	/** Begins a run. */
	public void write(RunDescription description) throws IOException {
		write(RUN, description);
	}

	/** Adds a measurement of a run that was begun in this file. */
	public void write(Result result) throws IOException {
		write(RESULT, result);
	}

	private void write(String type, Object value) throws IOException {
		ObjectNode line = JSON.createObjectNode().put(TYPE, type);
		line.setAll(JSON.<ObjectNode>valueToTree(value));
		this.writer.write(JSON.writeValueAsString(line));
		this.writer.write('\n');
		this.writer.flush();
	}

	@Override
	public void close() throws IOException {
		this.writer.close();
	}

	/**
	 * Reads stored results.
	 * @param path a file, or a directory: then each {@code *.jsonl} directly in it
	 * @throws IOException if there is nothing to read, or if a line is not one of ours:
	 * the message names the file and the line
	 */
	public static Results read(Path path) throws IOException {
		Map<String, Results.Run> runs = new LinkedHashMap<>();
		for (Path file : files(path)) {
			read(file, runs);
		}
		Comparator<Results.Run> byBeginning = Comparator.comparing((run) -> run.description().run());
		return new Results(runs.values().stream().sorted(byBeginning).toList());
	}

	private static List<Path> files(Path path) throws IOException {
		if (!Files.exists(path)) {
			throw new IOException("There are no results at '" + path + "'. Measure some with the command run");
		}
		if (!Files.isDirectory(path)) {
			return List.of(path);
		}
		try (Stream<Path> entries = Files.list(path)) {
			List<Path> files = entries.filter((entry) -> entry.toString().endsWith(".jsonl")).sorted().toList();
			if (files.isEmpty()) {
				throw new IOException(
						"There is no *.jsonl in the directory '" + path + "'. Measure something with the command run");
			}
			return files;
		}
	}

	private static void read(Path file, Map<String, Results.Run> runs) throws IOException {
		Map<String, Results.Run> ofThisFile = new LinkedHashMap<>();
		int number = 0;
		try (BufferedReader reader = Files.newBufferedReader(file)) {
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				number++;
				if (!line.isBlank()) {
					read(line, ofThisFile);
				}
			}
		}
		catch (JacksonException ex) {
			throw new IOException(file + ", line " + number + ": " + ex.getOriginalMessage(), ex);
		}
		catch (IllegalArgumentException ex) {
			throw new IOException(file + ", line " + number + ": " + ex.getMessage(), ex);
		}
		for (Results.Run run : ofThisFile.values()) {
			if (runs.putIfAbsent(run.description().run(), run) != null) {
				throw new IOException(file + ": the run '" + run.description().run() + "' is in another file too");
			}
		}
	}

	private static void read(String line, Map<String, Results.Run> runs) {
		if (!(JSON.readTree(line) instanceof ObjectNode object)) {
			throw new IllegalArgumentException("a line must be a JSON object");
		}
		JsonNode type = object.remove(TYPE);
		switch ((type != null) ? type.asString("") : "") {
			case RUN -> {
				RunDescription description = JSON.treeToValue(object, RunDescription.class);
				if (runs.put(description.run(), new Results.Run(description, new ArrayList<>())) != null) {
					throw new IllegalArgumentException("the run '" + description.run() + "' is described twice");
				}
			}
			case RESULT -> {
				Result result = JSON.treeToValue(object, Result.class);
				Results.Run run = runs.get(result.run());
				if (run == null) {
					throw new IllegalArgumentException("no line before describes the run '" + result.run() + "'");
				}
				run.results().add(result);
			}
			default -> throw new IllegalArgumentException(
					"\"type\" must be \"" + RUN + "\" or \"" + RESULT + "\", but is " + type);
		}
	}

}

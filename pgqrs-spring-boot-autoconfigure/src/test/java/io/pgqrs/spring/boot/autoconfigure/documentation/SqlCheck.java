package io.pgqrs.spring.boot.autoconfigure.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** SQL is not executed, but what it names "pgqrs_…" is in the scripts of the schema. */
final class SqlCheck implements BlockCheck {

	private static final Pattern NAME = Pattern.compile("\\bpgqrs_\\w+");

	private final Path root;

	SqlCheck(Path root) {
		this.root = root;
	}

	@Override
	public List<Problem> check(CodeBlock block) throws IOException {
		String schema = schema();
		List<Problem> problems = new ArrayList<>();
		List<String> lines = block.text().lines().toList();
		for (int index = 0; index < lines.size(); index++) {
			Matcher name = NAME.matcher(lines.get(index));
			while (name.find()) {
				if (!Pattern.compile("\\b" + name.group() + "\\b").matcher(schema).find()) {
					problems.add(block.problem(index + 1, "The schema has no '" + name.group() + "'"));
				}
			}
		}
		return problems;
	}

	private String schema() throws IOException {
		StringBuilder schema = new StringBuilder();
		try (Stream<Path> files = Files.walk(this.root.resolve("pgqrs-core/src/main/resources/io/pgqrs/schema"))) {
			for (Path script : files.filter((file) -> file.toString().endsWith(".sql")).toList()) {
				schema.append(Files.readString(script)).append('\n');
			}
		}
		return schema.toString();
	}

}

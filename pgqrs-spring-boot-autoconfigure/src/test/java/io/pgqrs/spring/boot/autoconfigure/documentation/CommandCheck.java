package io.pgqrs.spring.boot.autoconfigure.documentation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Commands name modules that exist. */
final class CommandCheck implements BlockCheck {

	private static final Pattern MODULES = Pattern.compile("\\./mvnw\\b.*?\\s(?:-pl|--projects)[ =](\\S+)");

	private final Path root;

	CommandCheck(Path root) {
		this.root = root;
	}

	@Override
	public List<Problem> check(CodeBlock block) throws Exception {
		String parent = Files.readString(this.root.resolve("pom.xml"));
		List<Problem> problems = new ArrayList<>();
		List<String> lines = block.text().lines().toList();
		for (int index = 0; index < lines.size(); index++) {
			Matcher command = MODULES.matcher(lines.get(index));
			while (command.find()) {
				for (String module : command.group(1).split(",")) {
					if (!parent.contains("<module>" + module + "</module>")) {
						problems.add(block.problem(index + 1, "There is no module '" + module + "'"));
					}
				}
			}
		}
		return problems;
	}

}

package io.pgqrs.spring.boot.autoconfigure.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A document, as far as it can be wrong: its blocks of code and its tables of properties.
 */
record MarkdownDocument(String file, List<CodeBlock> blocks, List<PropertyRow> rows, List<Problem> problems) {

	private static final Pattern FENCE = Pattern.compile("(\\s*)(`{3,}|~{3,})\\s*(\\S*).*");

	private static final String GIVEN = "<!-- given:";

	private static final String END_OF_COMMENT = "-->";

	static MarkdownDocument read(Path root, Path file) throws IOException {
		String name = root.relativize(file).toString().replace('\\', '/');
		return parse(name, Files.readAllLines(file));
	}

	static MarkdownDocument parse(String file, List<String> lines) {
		MarkdownDocument document = new MarkdownDocument(file, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
		int index = 0;
		while (index < lines.size()) {
			String line = lines.get(index);
			Matcher fence = FENCE.matcher(line);
			if (fence.matches()) {
				index = document.block(lines, index, fence);
			}
			else if (line.startsWith(GIVEN)) {
				index = document.given(lines, index);
			}
			else if (line.startsWith("|") && cells(line).get(0).equals("property")) {
				index = document.table(lines, index);
			}
			else {
				index++;
			}
		}
		return document;
	}

	private int block(List<String> lines, int start, Matcher fence) {
		int indent = fence.group(1).length();
		int end = start + 1;
		while (end < lines.size() && !closes(fence.group(2), lines.get(end))) {
			end++;
		}
		if (end == lines.size()) {
			this.problems.add(new Problem(this.file, start + 1, "The block has no end"));
		}
		Stream<String> text = lines.subList(start + 1, end)
			.stream()
			.map((line) -> line.isBlank() ? "" : line.substring(Math.min(indent, indentOf(line))));
		this.blocks.add(new CodeBlock(this.file, start + 2, fence.group(3), String.join("\n", text.toList()), false));
		return end + 1;
	}

	private static boolean closes(String fence, String line) {
		String stripped = line.strip();
		return stripped.startsWith(fence) && stripped.chars().allMatch((character) -> character == fence.charAt(0));
	}

	private static int indentOf(String line) {
		return line.length() - line.stripLeading().length();
	}

	private int given(List<String> lines, int start) {
		int end = start;
		while (end < lines.size() && !lines.get(end).contains(END_OF_COMMENT)) {
			end++;
		}
		if (end == lines.size()) {
			this.problems.add(new Problem(this.file, start + 1, "The comment has no end"));
			return end;
		}
		String text = String.join("\n", lines.subList(start, end + 1)).substring(GIVEN.length());
		text = text.substring(0, text.indexOf(END_OF_COMMENT));
		this.blocks.add(new CodeBlock(this.file, start + 1, "java", text, true));
		return end + 1;
	}

	private int table(List<String> lines, int start) {
		int defaults = cells(lines.get(start)).indexOf("default");
		int index = start + 2;
		while (index < lines.size() && lines.get(index).startsWith("|")) {
			List<String> cells = cells(lines.get(index));
			String value = (defaults >= 0 && defaults < cells.size()) ? cells.get(defaults) : null;
			this.rows.add(new PropertyRow(this.file, index + 1, cells.get(0), value));
			index++;
		}
		return index;
	}

	private static List<String> cells(String row) {
		return Stream.of(row.substring(1).split("(?<!\\\\)\\|", -1)).map(String::strip).toList();
	}

}

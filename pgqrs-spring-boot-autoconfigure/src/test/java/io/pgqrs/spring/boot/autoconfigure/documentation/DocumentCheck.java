package io.pgqrs.spring.boot.autoconfigure.documentation;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;

import org.xml.sax.InputSource;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Finds what is not true in one document. */
final class DocumentCheck {

	private static final JsonMapper JSON = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	private final ConfigurationMetadata metadata;

	private final Map<String, BlockCheck> checks = new TreeMap<>();

	/**
	 * Creates a check for one document.
	 * @param root the directory of the repository
	 * @param classes an empty directory for the classes of the document
	 */
	DocumentCheck(Path root, Path classes) {
		this.metadata = ConfigurationMetadata.ofClassPath();
		BlockCheck commands = new CommandCheck(root);
		PropertiesCheck properties = new PropertiesCheck(this.metadata);
		this.checks.put("", commands);
		this.checks.put("java", new JavaCheck(classes));
		this.checks.put("json", DocumentCheck::json);
		this.checks.put("properties", properties);
		this.checks.put("sh", commands);
		this.checks.put("sql", new SqlCheck(root));
		this.checks.put("text", commands);
		this.checks.put("xml", DocumentCheck::xml);
		this.checks.put("yaml", properties);
	}

	List<Problem> check(MarkdownDocument document) throws Exception {
		List<Problem> problems = new ArrayList<>(document.problems());
		for (CodeBlock block : document.blocks()) {
			BlockCheck check = this.checks.get(block.language());
			if (check == null) {
				problems.add(block.problem(1, "Nobody checks blocks of the language '" + block.language()
						+ "'. Take one of " + this.checks.keySet() + ", or write a check"));
			}
			else {
				problems.addAll(check.check(block));
			}
		}
		for (PropertyRow row : document.rows()) {
			problems.addAll(check(row));
		}
		return problems;
	}

	private List<Problem> check(PropertyRow row) {
		String name = row.property().replace("`", "");
		ConfigurationMetadata.Property property = this.metadata.find(name);
		if (property == null) {
			return List.of(row.problem("There is no property '" + name + "'"));
		}
		String stated = row.defaultValue();
		String actual = property.defaultValue();
		if (stated == null || (actual == null && !stated.startsWith("`")) || stated.equals("`" + actual + "`")) {
			return List.of();
		}
		return List.of(row.problem("The default of '" + name + "' is "
				+ ((actual != null) ? "`" + actual + "`" : "nothing, or told in words") + ", not " + stated));
	}

	private static List<Problem> json(CodeBlock block) {
		try {
			JSON.readTree(block.text());
			return List.of();
		}
		catch (RuntimeException ex) {
			return List.of(block.problem(1, String.valueOf(ex.getMessage())));
		}
	}

	// A root, since a pom's fragments often have none.
	private static List<Problem> xml(CodeBlock block) throws Exception {
		DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
		factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
		DocumentBuilder builder = factory.newDocumentBuilder();
		builder.setErrorHandler(new DefaultHandler());
		String text = block.text().startsWith("<?xml") ? block.text() : "<root>" + block.text() + "</root>";
		try {
			builder.parse(new InputSource(new StringReader(text)));
			return List.of();
		}
		catch (SAXParseException ex) {
			return List.of(block.problem(ex.getLineNumber(), String.valueOf(ex.getMessage())));
		}
	}

}

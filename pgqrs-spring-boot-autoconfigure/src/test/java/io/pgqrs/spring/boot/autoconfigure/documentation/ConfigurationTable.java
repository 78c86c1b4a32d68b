package io.pgqrs.spring.boot.autoconfigure.documentation;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.pgqrs.spring.boot.autoconfigure.documentation.ConfigurationMetadata.Property;

/** The document that lists all properties. */
final class ConfigurationTable {

	private static final String TITLE = """
			# Configuration properties

			<!-- Written by ConfigurationDocumentationTests from the metadata of the properties. Do not edit. -->

			Durations are written like `500ms`, `30s`, `5m`, `7d`, sizes like `512KB`, `1MB`.
			""";

	private static final String COLUMNS = """

			| property | type | default | description |
			|---|---|---|---|
			""";

	private final ConfigurationMetadata metadata;

	ConfigurationTable(ConfigurationMetadata metadata) {
		this.metadata = metadata;
	}

	/** The text of the document. */
	String text() {
		Map<String, List<Property>> groups = this.metadata.properties()
			.stream()
			.collect(Collectors.groupingBy((property) -> group(property.name()), TreeMap::new, Collectors.toList()));
		StringBuilder text = new StringBuilder(TITLE);
		groups.forEach((group, properties) -> {
			text.append("\n## ").append(group).append('\n');
			this.metadata.maps().forEach((name, description) -> {
				if (group(name).equals(group)) {
					text.append("\n`").append(name).append("`: ").append(description).append('\n');
				}
			});
			text.append(COLUMNS);
			properties.forEach((property) -> text.append(row(property)));
		});
		return text.toString();
	}

	/** What a property is listed under: "pgqrs", "pgqrs.listener", "management". */
	private static String group(String name) {
		String[] elements = name.split("\\.");
		return (elements[0].equals("pgqrs") && elements.length > 2) ? "pgqrs." + elements[1] : elements[0];
	}

	private String row(Property property) {
		String value = property.defaultValue();
		String description = Stream.concat(Stream.of(property.description()), this.metadata.valuesOf(property).stream())
			.collect(Collectors.joining("<br>"));
		return "| `%s` | %s | %s | %s |\n".formatted(property.name(), type(property),
				(value != null) ? "`" + value + "`" : "", escape(description));
	}

	private static String type(Property property) {
		List<String> constants = property.constants();
		if (!constants.isEmpty()) {
			return constants.stream().map((constant) -> "`" + constant + "`").collect(Collectors.joining(", "));
		}
		String simple = property.type().replaceAll("[\\w.]+[.$](?=\\w)", "").replace(",", ", ");
		return escape(switch (simple) {
			case "Integer", "Long" -> "integer";
			case "Double", "Float" -> "number";
			default -> simple.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
		});
	}

	private static String escape(String text) {
		return text.replace("|", "\\|").replaceAll("<(?!br>)", "&lt;");
	}

}

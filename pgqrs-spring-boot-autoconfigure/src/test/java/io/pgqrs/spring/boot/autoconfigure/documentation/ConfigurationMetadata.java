package io.pgqrs.spring.boot.autoconfigure.documentation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import io.pgqrs.spring.boot.autoconfigure.PgqrsProperties;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.util.ClassUtils;

/**
 * The configuration metadata of libraries, without what is deprecated. A map whose values
 * have metadata is described by the properties of those, with "&lt;name&gt;" for the key.
 */
final class ConfigurationMetadata {

	private static final String KEY = "<name>";

	private static final String LOCATION = "META-INF/spring-configuration-metadata.json";

	private static final String MAP = "java.util.Map<java.lang.String,";

	private static final ClassLoader CLASS_LOADER = ConfigurationMetadata.class.getClassLoader();

	private final List<Property> properties = new ArrayList<>();

	private final Map<String, String> maps = new LinkedHashMap<>();

	private final Map<String, String> classes = new LinkedHashMap<>();

	private final Map<String, List<String>> values = new LinkedHashMap<>();

	private ConfigurationMetadata(List<URL> locations) {
		locations.forEach(this::read);
		this.properties.sort(Comparator.comparing(Property::name));
	}

	/** That of this module. */
	static ConfigurationMetadata ofPgqrs() {
		URL classes = PgqrsProperties.class.getProtectionDomain().getCodeSource().getLocation();
		try {
			return new ConfigurationMetadata(List.of(URI.create(classes + LOCATION).toURL()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** That of all libraries on the class path. */
	static ConfigurationMetadata ofClassPath() {
		try {
			return new ConfigurationMetadata(Collections.list(CLASS_LOADER.getResources(LOCATION)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void read(URL location) {
		JsonNode metadata = json(location);
		metadata.path("groups")
			.valueStream()
			.filter((group) -> group.path("sourceMethod").isMissingNode() && group.has("type"))
			.forEach((group) -> this.classes.put(group.path("name").asString(), group.path("type").asString()));
		metadata.path("properties").valueStream().forEach((property) -> read("", property));
		metadata.path("hints")
			.valueStream()
			.forEach((hint) -> this.values.put(hint.path("name").asString(), hint.path("values")
				.valueStream()
				.filter((value) -> value.has("description"))
				.map((value) -> "`" + value.path("value").asString() + "`: " + value.path("description").asString())
				.toList()));
	}

	private void read(String prefix, JsonNode node) {
		if (node.has("deprecation") || node.has("deprecated")) {
			return;
		}
		String name = prefix + node.path("name").asString();
		String type = node.path("type").asString("java.lang.Object");
		if (type.startsWith(MAP)) {
			String valueType = type.substring(MAP.length(), type.length() - 1);
			URL location = CLASS_LOADER.getResource("META-INF/spring/configuration-metadata/" + valueType + ".json");
			if (location != null) {
				this.maps.put(name + "." + KEY, description(node));
				json(location).path("properties")
					.valueStream()
					.forEach((property) -> read(name + "." + KEY + ".", property));
				return;
			}
			if (valueType.startsWith("io.pgqrs.")) {
				throw new IllegalStateException("The values of '" + name + "' have no metadata. Annotate " + valueType
						+ " with @ConfigurationPropertiesSource");
			}
		}
		this.properties.add(new Property(name, type, description(node),
				node.has("defaultValue") ? defaultValue(node.path("defaultValue")) : null));
	}

	private static String description(JsonNode node) {
		return node.path("description").asString("");
	}

	private static String defaultValue(JsonNode node) {
		return node.isArray() ? String.join(",", node.valueStream().map(JsonNode::asString).toList()) : node.asString();
	}

	private static JsonNode json(URL location) {
		try (InputStream in = location.openStream()) {
			return JsonMapper.shared().readTree(in);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** All properties by name. */
	List<Property> properties() {
		return this.properties;
	}

	/** What maps whose values have metadata are for, by their name with the key. */
	Map<String, String> maps() {
		return this.maps;
	}

	/** The classes that declare properties, by prefix. */
	Map<String, String> classes() {
		return this.classes;
	}

	/** What the values of a property do, as far as it is described. */
	List<String> valuesOf(Property property) {
		return this.values.getOrDefault(property.name(), List.of());
	}

	/** The property of a name in which keys are written as "&lt;name&gt;". */
	@Nullable Property find(String name) {
		return this.properties.stream().filter((property) -> property.name().equals(name)).findFirst().orElse(null);
	}

	/**
	 * Whether any library here has properties in the group of the name: as in
	 * "spring.datasource", or in "server".
	 */
	boolean hasGroupOf(ConfigurationPropertyName name) {
		int parents = name.getNumberOfElements() - 1;
		ConfigurationPropertyName group = name.chop(Math.min(2, parents));
		return parents > 0 && this.properties.stream().anyMatch((property) -> property.begins(group));
	}

	/** Whether there is a property of the name. */
	boolean has(ConfigurationPropertyName name) {
		return this.properties.stream().anyMatch((property) -> property.isSetBy(name));
	}

	/**
	 * A property.
	 *
	 * @param defaultValue null if there is none, or it cannot be told in metadata
	 */
	record Property(String name, String type, String description, @Nullable String defaultValue) {

		private boolean begins(ConfigurationPropertyName group) {
			String[] elements = this.name.split("\\.");
			return elements.length >= group.getNumberOfElements()
					&& matches(elements, group, group.getNumberOfElements());
		}

		private boolean isSetBy(ConfigurationPropertyName other) {
			String[] elements = this.name.split("\\.");
			int length = other.getNumberOfElements();
			return (length == elements.length || (length > elements.length && holdsMany()))
					&& matches(elements, other, elements.length);
		}

		private static boolean matches(String[] elements, ConfigurationPropertyName other, int length) {
			for (int index = 0; index < length; index++) {
				if (!elements[index].equals(KEY)
						&& !uniform(elements[index]).equals(other.getElement(index, Form.UNIFORM))) {
					return false;
				}
			}
			return true;
		}

		private static String uniform(String element) {
			return element.replace("-", "").toLowerCase(Locale.ROOT);
		}

		private boolean holdsMany() {
			return Stream
				.of("java.util.Map", "java.util.List", "java.util.Set", "java.util.Collection", "java.util.Properties")
				.anyMatch(this.type::startsWith) || this.type.endsWith("[]");
		}

		/** The constants if the type is an enum. */
		List<String> constants() {
			if (!ClassUtils.isPresent(this.type, CLASS_LOADER)) {
				return List.of();
			}
			Object[] constants = ClassUtils.resolveClassName(this.type, CLASS_LOADER).getEnumConstants();
			return (constants == null) ? List.of()
					: Stream.of(constants)
						.map((constant) -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
						.toList();
		}

	}

}

package io.pgqrs.spring.boot.autoconfigure.documentation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.util.ClassUtils;

/**
 * Properties exist, and those of pgqrs can have the values that they have. Properties of
 * groups that no library here knows are those of the reader's application.
 */
final class PropertiesCheck implements BlockCheck {

	private static final ConfigurationPropertyName PGQRS = ConfigurationPropertyName.of("pgqrs");

	private final ConfigurationMetadata metadata;

	private final ConfigurationMetadata pgqrs = ConfigurationMetadata.ofPgqrs();

	PropertiesCheck(ConfigurationMetadata metadata) {
		this.metadata = metadata;
	}

	@Override
	public List<Problem> check(CodeBlock block) {
		List<PropertySource<?>> sources;
		try {
			sources = load(block);
		}
		catch (Exception ex) {
			return List.of(block.problem(1, String.valueOf(ex.getMessage())));
		}
		Set<Problem> problems = new LinkedHashSet<>();
		for (PropertySource<?> source : sources) {
			for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
				ConfigurationPropertyName property = ConfigurationPropertyName.adapt(name, '.');
				if ((PGQRS.isAncestorOf(property) || this.metadata.hasGroupOf(property))
						&& !this.metadata.has(property)) {
					problems.add(block.problem(lineOf(source, name), "There is no property '" + name + "'"));
				}
			}
		}
		if (problems.isEmpty()) {
			sources.forEach((source) -> problems.addAll(bind(block, source)));
		}
		return List.copyOf(problems);
	}

	private static List<PropertySource<?>> load(CodeBlock block) throws Exception {
		Resource resource = new ByteArrayResource(block.text().getBytes(StandardCharsets.UTF_8));
		return block.language().equals("yaml") ? new YamlPropertySourceLoader().load(block.file(), resource)
				: new PropertiesPropertySourceLoader().load(block.file(), resource);
	}

	private List<Problem> bind(CodeBlock block, PropertySource<?> source) {
		Binder binder = new Binder(ConfigurationPropertySources.from(source),
				new PropertySourcesPlaceholdersResolver(List.of(source)));
		List<Problem> problems = new ArrayList<>();
		this.pgqrs.classes().forEach((prefix, name) -> {
			Class<?> type = ClassUtils.resolveClassName(name, getClass().getClassLoader());
			// An actuator endpoint has properties, too, but is not bound to them.
			if (type.isAnnotationPresent(ConfigurationProperties.class)) {
				try {
					binder.bind(prefix, Bindable.of(type));
				}
				catch (BindException ex) {
					problems.add(problem(block, ex));
				}
			}
		});
		return problems;
	}

	private static Problem problem(CodeBlock block, BindException ex) {
		ConfigurationProperty property = ex.getProperty();
		return (property != null)
				? block.problem(lineOf(property.getOrigin()),
						"'" + property.getName() + "' cannot be '" + property.getValue() + "'")
				: block.problem(1, String.valueOf(ex.getMessage()));
	}

	private static int lineOf(PropertySource<?> source, String name) {
		return lineOf(OriginLookup.getOrigin(source, name));
	}

	private static int lineOf(@Nullable Origin origin) {
		if (origin instanceof PropertySourceOrigin wrapper) {
			return lineOf(wrapper.getOrigin());
		}
		return (origin instanceof TextResourceOrigin text && text.getLocation() != null)
				? text.getLocation().getLine() + 1 : 1;
	}

}

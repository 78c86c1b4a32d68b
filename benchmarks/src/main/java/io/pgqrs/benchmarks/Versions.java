package io.pgqrs.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/** The versions of what is compared; Maven writes them into a file. */
final class Versions {

	private static final String FILE = "versions.properties";

	private Versions() {
	}

	static Map<String, String> describe() {
		Properties properties = new Properties();
		try (InputStream in = Versions.class.getResourceAsStream(FILE)) {
			properties.load(in);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Map<String, String> versions = new LinkedHashMap<>();
		versions.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
		properties.stringPropertyNames()
			.stream()
			.sorted()
			.forEach((name) -> versions.put(name, properties.getProperty(name)));
		return versions;
	}

}

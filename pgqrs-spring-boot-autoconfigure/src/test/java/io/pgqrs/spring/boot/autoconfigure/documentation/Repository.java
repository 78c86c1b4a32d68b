package io.pgqrs.spring.boot.autoconfigure.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The checkout that these tests belong to. */
public final class Repository {

	private Repository() {
	}

	/** The directory with the parent of all modules. */
	public static Path root() {
		Path directory = Path.of("").toAbsolutePath();
		while (!Files.exists(directory.resolve("mvnw"))) {
			directory = directory.getParent();
			if (directory == null) {
				throw new IllegalStateException("The tests do not run inside of the repository");
			}
		}
		return directory;
	}

	/** All documents: the README, what is in docs, and the READMEs of the samples. */
	static List<Path> documents() throws IOException {
		Path root = root();
		try (Stream<Path> docs = Files.list(root.resolve("docs"));
				Stream<Path> samples = Files.list(root.resolve("samples"))) {
			return Stream
				.of(Stream.of(root.resolve("README.md")),
						docs.filter((file) -> file.toString().endsWith(".md")).sorted(),
						samples.map((sample) -> sample.resolve("README.md")).filter(Files::exists).sorted())
				.flatMap((files) -> files)
				.toList();
		}
	}

}

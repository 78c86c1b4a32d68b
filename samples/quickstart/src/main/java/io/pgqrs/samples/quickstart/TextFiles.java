package io.pgqrs.samples.quickstart;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Finds the text files of a directory. */
final class TextFiles {

	private static final Set<String> SKIPPED_DIRECTORIES = Set.of("target", "node_modules");

	/** What SQLite puts beside its database; it may be empty, and gone soon. */
	private static final Set<String> SKIPPED_SUFFIXES = Set.of("-wal", "-shm", "-journal");

	/** As many bytes as git looks at. */
	private static final int SAMPLE = 8000;

	private TextFiles() {
	}

	/**
	 * All text files below a directory, without hidden directories and symbolic links.
	 */
	static List<Path> in(Path directory) throws IOException {
		List<Path> files = new ArrayList<>();
		Files.walkFileTree(directory, new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
				String name = String.valueOf(visited.getFileName());
				boolean skipped = name.startsWith(".") || SKIPPED_DIRECTORIES.contains(name);
				return (skipped && !visited.equals(directory)) ? FileVisitResult.SKIP_SUBTREE
						: FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
				if (attributes.isRegularFile() && isText(file)) {
					files.add(file);
				}
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFileFailed(Path file, IOException ex) {
				System.err.println("Skipped " + file + ": " + ex);
				return FileVisitResult.CONTINUE;
			}

		});
		Collections.sort(files);
		return files;
	}

	/**
	 * Whether there is no zero byte in the beginning of the file: what git calls text.
	 * One that cannot be read passes, and becomes a job that fails.
	 */
	static boolean isText(Path file) {
		if (SKIPPED_SUFFIXES.stream().anyMatch(file.toString()::endsWith)) {
			return false;
		}
		try (InputStream stream = Files.newInputStream(file)) {
			for (byte value : stream.readNBytes(SAMPLE)) {
				if (value == 0) {
					return false;
				}
			}
			return true;
		}
		catch (IOException ex) {
			return true;
		}
	}

}

package io.pgqrs.spring.boot.autoconfigure.documentation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The code in our documents can be copied, and the properties in them exist. */
class DocumentationTests {

	@TempDir
	private Path classes;

	@ParameterizedTest
	@MethodSource("documents")
	void whatADocumentShowsIsTrue(Path file) throws Exception {
		Path root = Repository.root();
		MarkdownDocument document = MarkdownDocument.read(root, root.resolve(file));
		assertThat(new DocumentCheck(root, this.classes).check(document)).isEmpty();
	}

	static List<Path> documents() throws IOException {
		Path root = Repository.root();
		return Repository.documents().stream().map(root::relativize).toList();
	}

}

package io.pgqrs.spring.boot.autoconfigure.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The list of all properties is that of the metadata. */
class ConfigurationDocumentationTests {

	private static final String WRITE = "./mvnw -pl pgqrs-spring-boot-autoconfigure -am test"
			+ " -Dtest=ConfigurationDocumentationTests -Dsurefire.failIfNoSpecifiedTests=false -Dpgqrs.docs.write=true";

	@Test
	void theDocumentListsWhatTheMetadataHas() throws IOException {
		Path file = Repository.root().resolve("docs/configuration.md");
		String text = new ConfigurationTable(ConfigurationMetadata.ofPgqrs()).text();
		if (Boolean.getBoolean("pgqrs.docs.write")) {
			Files.writeString(file, text);
		}
		assertThat(file).as("Properties have changed. Write the document anew: %s", WRITE).hasContent(text);
	}

}

package io.pgqrs.samples.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the command line says.
 *
 * @param input the directory to scan
 * @param delay makes each job take this much longer, so that there is time to kill the
 * process half-way
 */
@ConfigurationProperties("quickstart")
record QuickstartProperties(String input, @DefaultValue("0") Duration delay) {

	QuickstartProperties {
		if (!Files.isDirectory(Path.of(input))) {
			throw new IllegalArgumentException("'" + input + "' is not a directory");
		}
	}

	/** The same path, however it was written: an interrupted scan is found by it. */
	Path directory() {
		try {
			return Path.of(this.input).toRealPath();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

package io.pgqrs.samples.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

@ExtendWith(OutputCaptureExtension.class)
class FailingFileTests {

	@TempDir
	private Path directory;

	@Test
	void aScanEndsWithoutTheFileThatVanishedAndSaysSo(CapturedOutput output) throws IOException {
		Path input = Files.createDirectory(this.directory.resolve("input")).toRealPath();
		Path good = Files.writeString(input.resolve("good.txt"), "here");
		Path vanished = input.resolve("vanished.txt");
		Path empty = Files.createDirectory(this.directory.resolve("empty"));
		try (ConfigurableApplicationContext interrupted = run(empty, "--pgqrs.listener.auto-startup=false")) {
			interrupted.getBean(Scans.class).begin(input, List.of(good, vanished));
		}
		int exitCode = SpringApplication.exit(run(input));
		assertThat(exitCode).isOne();
		assertThat(output).contains("0 of 2 files are counted already")
			.contains("1 of 2 files could not be counted")
			.contains("vanished.txt (5 attempts): java.nio.file.NoSuchFileException");
	}

	@Test
	void aDirectoryThatDoesNotExistIsNamed(CapturedOutput output) {
		Path missing = this.directory.resolve("missing");
		assertThatException().isThrownBy(() -> run(missing));
		assertThat(output).contains("'" + missing + "' is not a directory");
	}

	private ConfigurableApplicationContext run(Path input, String... arguments) {
		return new SpringApplicationBuilder(QuickstartApplication.class).web(WebApplicationType.NONE)
			.properties("input=" + input, "database=" + this.directory.resolve("quickstart.db"))
			.run(arguments);
	}

}

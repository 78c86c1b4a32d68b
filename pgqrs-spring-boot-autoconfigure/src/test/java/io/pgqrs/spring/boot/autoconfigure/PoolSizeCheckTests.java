package io.pgqrs.spring.boot.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;

import io.pgqrs.annotation.PgqrsListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class PoolSizeCheckTests {

	private static final String WARNING = "The connection pool has at most 4 connections, and listeners and workflows "
			+ "have 4 handlers";

	@TempDir
	private Path directory;

	@Test
	void aPoolThatHandlersCanKeepBusyIsWarnedOf(CapturedOutput output) {
		start(4);
		assertThat(output).contains(WARNING);
	}

	@Test
	void aLargerPoolIsNot(CapturedOutput output) {
		start(5);
		assertThat(output).doesNotContain("The connection pool has");
	}

	private void start(int connections) {
		Applications.on(ApplicationDatabase.sqlite(this.directory))
			.withUserConfiguration(Emails.class)
			.withPropertyValues("spring.datasource.hikari.maximum-pool-size=" + connections)
			.run((context) -> context.publishEvent(new ApplicationReadyEvent(new SpringApplication(), new String[0],
					context.getSourceApplicationContext(), Duration.ZERO)));
	}

	static class Emails {

		@PgqrsListener(value = "a", concurrency = "3")
		void three(String text) {
		}

		@PgqrsListener("b")
		void one(String text) {
		}

	}

}

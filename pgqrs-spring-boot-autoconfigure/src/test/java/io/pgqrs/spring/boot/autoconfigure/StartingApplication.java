package io.pgqrs.spring.boot.autoconfigure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import io.pgqrs.PgqrsOperations;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * An application in a process of its own, which starts when it is told to, and enqueues.
 */
final class StartingApplication {

	private StartingApplication() {
	}

	static Process launch(ApplicationDatabase database) throws IOException {
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), StartingApplication.class.getName(), database.url())
			.redirectError(Redirect.INHERIT)
			.start();
	}

	static void awaitLine(Process process, String expected) {
		BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
		if (reader.lines().noneMatch(expected::equals)) {
			throw new IllegalStateException("The process ended without saying '" + expected + "'");
		}
	}

	static void go(Process process) throws IOException {
		try (OutputStream out = process.getOutputStream()) {
			out.write('\n');
		}
	}

	public static void main(String[] arguments) throws IOException {
		System.out.println("ready");
		new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.run("--spring.datasource.url=" + arguments[0], "--pgqrs.queues.emails.max-attempts=3")) {
			context.getBean(PgqrsOperations.class).enqueue("emails", "hello");
		}
		System.out.println("enqueued");
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, PgqrsStoreAutoConfiguration.class,
			PgqrsAutoConfiguration.class, PgqrsListenerAutoConfiguration.class, PgqrsWorkflowAutoConfiguration.class })
	static class Application {

	}

}

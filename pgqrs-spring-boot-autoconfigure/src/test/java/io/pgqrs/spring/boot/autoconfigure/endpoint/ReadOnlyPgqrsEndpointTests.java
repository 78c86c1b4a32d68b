package io.pgqrs.spring.boot.autoconfigure.endpoint;

import java.nio.file.Path;
import java.util.Map;

import io.pgqrs.PgqrsAdmin;
import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** The endpoint of an application that lets operators look, but not touch. */
class ReadOnlyPgqrsEndpointTests {

	@TempDir
	private Path directory;

	@Test
	void readsAndRefusesToWrite() {
		try (ConfigurableApplicationContext context = EndpointApplication.start(
				ApplicationDatabase.sqlite(this.directory), WebApplicationType.SERVLET,
				"management.endpoint.pgqrs.access=read-only")) {
			EndpointClient client = new EndpointClient(context);
			client.get("/pgqrs").ok();
			client.get("/pgqrs/queues/emails").ok();
			assertThat(client.post("/pgqrs/queues/emails", Map.of("action", "pause")).status()).isEqualTo(405);
			assertThat(context.getBean(PgqrsAdmin.class).queue("emails").paused()).isFalse();
		}
	}

}

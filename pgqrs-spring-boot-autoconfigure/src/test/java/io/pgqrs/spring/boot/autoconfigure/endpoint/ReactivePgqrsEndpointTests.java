package io.pgqrs.spring.boot.autoconfigure.endpoint;

import java.nio.file.Path;
import java.util.Map;

import io.pgqrs.PgqrsAdmin;
import io.pgqrs.PgqrsOperations;
import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** The endpoint on WebFlux. */
class ReactivePgqrsEndpointTests {

	@TempDir
	private Path directory;

	@Test
	void readsWritesAndRefuses() {
		try (ConfigurableApplicationContext context = EndpointApplication
			.start(ApplicationDatabase.sqlite(this.directory), WebApplicationType.REACTIVE)) {
			EndpointClient client = new EndpointClient(context);
			PgqrsAdmin admin = context.getBean(PgqrsAdmin.class);
			admin.createQueue("reports");
			long id = context.getBean(PgqrsOperations.class).enqueue("reports", "text");
			assertThat(client.get("/pgqrs").ok().at("/database/product").asString()).isEqualTo("SQLite");
			assertThat(client.get("/pgqrs/messages/" + id).ok().path("payload").asString()).isEqualTo("******");
			assertThat(client.get("/pgqrs/queues/reports/dead-letters?limit=5").ok().path("deadLetters")).isEmpty();
			client.post("/pgqrs/queues/reports", Map.of("action", "pause")).ok();
			assertThat(admin.queue("reports").paused()).isTrue();
			client.get("/pgqrs/queues/emial").isError(404, "Queue 'emial' does not exist");
			client.post("/pgqrs/queues/reports", Map.of("action", "drop")).isError(400, "'drop'");
		}
	}

}

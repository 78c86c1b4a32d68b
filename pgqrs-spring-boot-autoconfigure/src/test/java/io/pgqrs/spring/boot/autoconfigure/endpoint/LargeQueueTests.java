package io.pgqrs.spring.boot.autoconfigure.endpoint;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;

import io.pgqrs.PgqrsAdmin;
import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;
import io.pgqrs.spring.boot.autoconfigure.PgqrsSampler;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Measures, and writes into the log, how long operators wait when queues are large: five
 * million archived messages and one million that are ready, in few queues or in many.
 */
@Tag("soak")
class LargeQueueTests {

	private static final Log logger = LogFactory.getLog(LargeQueueTests.class);

	private static final int READY = 1_000_000;

	private static final int ARCHIVED = 5_000_000;

	private static final int REPETITIONS = 20;

	private final HttpClient http = HttpClient.newHttpClient();

	@ParameterizedTest
	@ValueSource(ints = { 1, 20 })
	void operatorsNeedNotWait(int queues) throws Exception {
		try (ApplicationDatabase database = ApplicationDatabase.postgres();
				ConfigurableApplicationContext context = EndpointApplication.start(database, WebApplicationType.SERVLET,
						"management.endpoints.web.exposure.include=pgqrs,prometheus")) {
			fill(context, queues);
			PgqrsSampler sampler = context.getBean(PgqrsSampler.class);
			String scrape = measure(context, queues + " queues, scrape", "prometheus", () -> {
			});
			assertThat(scrape).contains("pgqrs_queue_messages");
			measure(context, queues + " queues, scrape when the sample has just gone", "prometheus", sampler::reset);
			measure(context, queues + " queues, overview", "pgqrs", () -> {
			});
			String overview = measure(context, queues + " queues, overview with a new sample", "pgqrs", sampler::reset);
			assertThat(overview).contains("\"ready\":" + Math.min(READY / queues, PgqrsSampler.COUNT_LIMIT));
			measure(context, queues + " queues, one queue", "pgqrs/queues/large-0", () -> {
			});
		}
	}

	private static void fill(ConfigurableApplicationContext context, int queues) {
		PgqrsAdmin admin = context.getBean(PgqrsAdmin.class);
		IntStream.range(0, queues).forEach((i) -> admin.createQueue("large-" + i));
		JdbcClient jdbc = context.getBean(JdbcClient.class);
		String queue = "(SELECT min(id) FROM pgqrs.pgqrs_queues WHERE name LIKE 'large-%') + i % " + queues;
		jdbc.sql("INSERT INTO pgqrs.pgqrs_messages (visible_at, queue_id, payload) SELECT now(), " + queue
				+ ", '{\"to\": \"ann@example.com\"}' FROM generate_series(1, " + READY + ") AS i")
			.update();
		jdbc.sql(
				"INSERT INTO pgqrs.pgqrs_archive (id, enqueued_at, queue_id, priority, attempts, payload) SELECT i, now(), "
						+ queue + ", 0, 1, '{\"to\": \"ann@example.com\"}' FROM generate_series(10000000, "
						+ (10_000_000 + ARCHIVED - 1) + ") AS i")
			.update();
		jdbc.sql("VACUUM ANALYZE").update();
	}

	private String measure(ConfigurableApplicationContext context, String what, String path, Runnable before)
			throws Exception {
		int port = ((WebServerApplicationContext) context).getWebServer().getPort();
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/" + path))
			.build();
		long[] nanos = new long[REPETITIONS];
		HttpResponse<String> response = this.http.send(request, BodyHandlers.ofString());
		for (int i = 0; i < REPETITIONS; i++) {
			before.run();
			long start = System.nanoTime();
			response = this.http.send(request, BodyHandlers.ofString());
			nanos[i] = System.nanoTime() - start;
			assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		}
		Arrays.sort(nanos);
		logger.info(what + ": median " + Duration.ofNanos(nanos[REPETITIONS / 2]).toMillis() + " ms, longest "
				+ Duration.ofNanos(nanos[REPETITIONS - 1]).toMillis() + " ms");
		return response.body();
	}

}

package io.pgqrs.spring.boot.autoconfigure.endpoint;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** What an operator has: a program that sends requests. */
final class EndpointClient {

	private final HttpClient client = HttpClient.newHttpClient();

	private final String base;

	EndpointClient(ApplicationContext context) {
		int port = ((WebServerApplicationContext) context).getWebServer().getPort();
		this.base = "http://localhost:" + port + "/actuator";
	}

	Answer get(String path, String... headers) {
		return send(request(path, headers).GET().build());
	}

	Answer post(String path, Map<String, String> body) {
		return post(path, JsonMapper.shared().writeValueAsString(body));
	}

	Answer post(String path, String body) {
		return send(
				request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)).build());
	}

	private HttpRequest.Builder request(String path, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.base + path));
		return (headers.length > 0) ? request.headers(headers) : request;
	}

	private Answer send(HttpRequest request) {
		try {
			var response = this.client.send(request, BodyHandlers.ofString());
			String body = response.body();
			return new Answer(response.statusCode(), JsonMapper.shared().readTree(body.isEmpty() ? "{}" : body));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	record Answer(int status, JsonNode body) {

		/** The body of an answer that went well. */
		JsonNode ok() {
			assertThat(this.status).as(() -> String.valueOf(this.body)).isEqualTo(200);
			return this.body;
		}

		void isError(int status, String... reasons) {
			assertThat(this.status).as(() -> String.valueOf(this.body)).isEqualTo(status);
			assertThat(this.body.path("error").asString()).contains(reasons);
		}

	}

}

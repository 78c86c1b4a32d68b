package io.pgqrs.samples.pipeline;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.pgqrs.workflow.PermanentStepException;
import io.pgqrs.workflow.TransientStepException;

import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/** Reads texts, and says which failures may pass: those are tried again. */
@Component
class TextSource {

	/** The text that ships with the sample. */
	static final String SAMPLE = "classpath:alice.txt";

	private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

	private final HttpClient http = HttpClient.newBuilder().followRedirects(Redirect.NORMAL).build();

	/** The same source, however it was written: a run is found by it. */
	static String normalize(String source) {
		return (source.equals(SAMPLE) || isUrl(source)) ? source
				: Path.of(source).toAbsolutePath().normalize().toString();
	}

	private static boolean isUrl(String source) {
		return source.startsWith("http://") || source.startsWith("https://");
	}

	String fetch(String source) throws IOException, InterruptedException {
		if (isUrl(source)) {
			return download(source);
		}
		if (source.equals(SAMPLE)) {
			return new ClassPathResource("alice.txt").getContentAsString(StandardCharsets.UTF_8);
		}
		Path file = Path.of(source);
		if (!Files.isRegularFile(file)) {
			throw new PermanentStepException("There is no file '" + file + "'");
		}
		return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
	}

	private String download(String url) throws InterruptedException {
		HttpResponse<String> response;
		try {
			response = this.http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
		}
		catch (IllegalArgumentException ex) {
			throw new PermanentStepException("'" + url + "' is not a URL: " + ex.getMessage(), ex);
		}
		catch (IOException ex) {
			throw new TransientStepException("unreachable", "'" + url + "' cannot be read: " + ex, RETRY_AFTER, ex);
		}
		if (response.statusCode() == 200) {
			return response.body();
		}
		String answer = "'" + url + "' answers with status " + response.statusCode();
		if (response.statusCode() >= 500) {
			throw new TransientStepException("unavailable", answer, RETRY_AFTER);
		}
		throw new PermanentStepException(answer);
	}

}

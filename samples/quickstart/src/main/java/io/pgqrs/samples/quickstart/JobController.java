package io.pgqrs.samples.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.UUID;

import io.pgqrs.PayloadSerializationException;
import io.pgqrs.PayloadTooLargeException;
import io.pgqrs.PgqrsOperations;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Takes jobs by HTTP. */
@RestController
@RequestMapping("/jobs")
class JobController {

	private final PgqrsOperations pgqrs;

	private final JdbcClient jdbc;

	private final QuickstartProperties properties;

	JobController(PgqrsOperations pgqrs, JdbcClient jdbc, QuickstartProperties properties) {
		this.pgqrs = pgqrs;
		this.jdbc = jdbc;
		this.properties = properties;
	}

	@PostMapping
	@ResponseStatus(HttpStatus.ACCEPTED)
	Job enqueue(@RequestBody JobRequest request) {
		if (StringUtils.hasText(request.path()) == StringUtils.hasText(request.text())) {
			throw badRequest("Give either 'path', a file in the input directory, or 'text'");
		}
		String id = UUID.randomUUID().toString();
		CountFile job = StringUtils.hasText(request.path()) ? new CountFile(id, file(request.path()).toString(), null)
				: new CountFile(id, "text", request.text());
		return new Job(this.pgqrs.enqueue(Scans.QUEUE, job));
	}

	@GetMapping("/{id}")
	Result result(@PathVariable long id) {
		return this.jdbc.sql("SELECT file, lines, words FROM file_counts WHERE message_id = :id")
			.param("id", id)
			.query(Result.class)
			.optional()
			.orElseThrow(
					() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "Job " + id + " has not been counted"));
	}

	/** Only what lies in the input directory is anybody's business. */
	private Path file(String path) {
		Path input = this.properties.directory();
		Path file;
		try {
			file = input.resolve(path).toRealPath();
		}
		catch (InvalidPathException | IOException ex) {
			throw badRequest("There is no file '" + path + "' in the input directory");
		}
		if (!file.startsWith(input) || !Files.isRegularFile(file)) {
			throw badRequest("There is no file '" + path + "' in the input directory");
		}
		if (!TextFiles.isText(file)) {
			throw badRequest("'" + path + "' is not a text file");
		}
		return file;
	}

	private static ResponseStatusException badRequest(String detail) {
		return new ResponseStatusException(HttpStatus.BAD_REQUEST, detail);
	}

	@ExceptionHandler
	ProblemDetail tooLarge(PayloadTooLargeException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.CONTENT_TOO_LARGE, String.valueOf(ex.getMessage()));
	}

	@ExceptionHandler
	ProblemDetail notSerializable(PayloadSerializationException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, String.valueOf(ex.getMessage()));
	}

	record JobRequest(@Nullable String path, @Nullable String text) {
	}

	record Job(long id) {
	}

	record Result(String file, long lines, long words) {
	}

}

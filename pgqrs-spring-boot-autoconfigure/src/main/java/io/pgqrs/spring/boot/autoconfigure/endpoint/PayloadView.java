package io.pgqrs.spring.boot.autoconfigure.endpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/**
 * Payloads as one caller may see them: not at all, or except for what the application's
 * {@link SanitizingFunction}s hide.
 */
final class PayloadView {

	private static final String STACK_TRACE = "stackTrace";

	/** Keeps numbers as they are. */
	static final JsonMapper EXACT = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.build();

	private final Sanitizer sanitizer;

	private final boolean shown;

	PayloadView(Iterable<SanitizingFunction> functions, boolean shown) {
		this.sanitizer = new Sanitizer(functions);
		this.shown = shown;
	}

	/** A JSON text as an object, so that it is no text within the answer. */
	@Nullable Object json(String key, @Nullable String json) {
		return (json != null) ? sanitize(key, this.shown ? read(json) : json) : null;
	}

	/** Names are shown to everybody, values are not. */
	Map<String, @Nullable Object> headers(Map<String, String> headers) {
		Map<String, @Nullable Object> view = new TreeMap<>();
		headers.forEach((name, value) -> view.put(name, sanitize(name, value)));
		return view;
	}

	/** What and why is shown to everybody, where in the code is not. */
	@Nullable Object error(@Nullable String json) {
		Object error = (json != null) ? read(json) : null;
		if (error instanceof Map<?, ?> fields && !this.shown) {
			fields.remove(STACK_TRACE);
		}
		return error;
	}

	private @Nullable Object sanitize(String key, @Nullable Object value) {
		if (value == null) {
			return null;
		}
		Object sanitized = this.sanitizer.sanitize(new SanitizableData(null, key, value), this.shown);
		if (sanitized instanceof Map<?, ?> map) {
			Map<String, @Nullable Object> result = new LinkedHashMap<>();
			map.forEach((name, element) -> result.put(String.valueOf(name), sanitize(String.valueOf(name), element)));
			return result;
		}
		if (sanitized instanceof List<?> list) {
			List<@Nullable Object> result = new ArrayList<>();
			list.forEach((element) -> result.add(sanitize(key, element)));
			return result;
		}
		return sanitized;
	}

	private static @Nullable Object read(String json) {
		try {
			return EXACT.readValue(json, Object.class);
		}
		catch (JacksonException ex) {
			return json;
		}
	}

}

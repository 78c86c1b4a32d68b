package io.pgqrs.support;

import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Payloads and headers as JSON, by the application's {@link JsonMapper}.
 *
 * @since 0.1
 */
public final class PayloadJson {

	private static final TypeReference<LinkedHashMap<String, String>> HEADERS = new TypeReference<>() {
	};

	/** Headers are ours: no setting of the application's mapper may change them. */
	private static final JsonMapper PLAIN = JsonMapper.shared();

	private final JsonMapper mapper;

	/**
	 * Makes a converter.
	 * @param mapper writes and reads payloads, but not headers
	 */
	public PayloadJson(JsonMapper mapper) {
		this.mapper = mapper;
	}

	/**
	 * Writes a payload.
	 * @param payload any object
	 * @return JSON text
	 * @throws JacksonException if it cannot be written
	 */
	public String write(Object payload) {
		return this.mapper.writeValueAsString(payload);
	}

	/**
	 * Reads a payload.
	 * @param json JSON text
	 * @param type of the result, with its generic parameters
	 * @return the payload, null for the JSON null
	 * @throws JacksonException if it is not of that type
	 */
	public @Nullable Object read(String json, Type type) {
		JavaType javaType = this.mapper.constructType(type);
		if (javaType.hasRawClass(String.class) && !json.startsWith("\"")) {
			return json;
		}
		return this.mapper.readValue(json, javaType);
	}

	/**
	 * Writes headers.
	 * @param headers names and values
	 * @return a JSON object, or null if there are none
	 */
	public static @Nullable String writeHeaders(Map<String, String> headers) {
		return headers.isEmpty() ? null : PLAIN.writeValueAsString(headers);
	}

	/**
	 * Reads headers.
	 * @param json a JSON object, or null for none
	 * @return names and values
	 */
	public static Map<String, String> readHeaders(@Nullable String json) {
		return (json != null) ? Map.copyOf(PLAIN.readValue(json, HEADERS)) : Map.of();
	}

	/**
	 * Writes a small object of our own, such as an error.
	 * @param value the object
	 * @return JSON text
	 */
	public static String writePlain(Object value) {
		return PLAIN.writeValueAsString(value);
	}

}

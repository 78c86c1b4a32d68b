package io.pgqrs;

import java.util.regex.Pattern;

import io.pgqrs.support.PayloadJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Writes payloads as JSON that both databases can hold, or says why not.
 *
 * @since 0.1
 */
public final class PayloadWriter {

	private static final long DEFAULT_MAX_SIZE = 1024 * 1024;

	/** The escape of U+0000, with an even number of backslashes before it. */
	private static final Pattern NUL = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\\\u0000");

	private final PayloadJson json;

	private volatile long maxSize = DEFAULT_MAX_SIZE;

	/**
	 * Makes a writer.
	 * @param json writes JSON
	 */
	public PayloadWriter(PayloadJson json) {
		this.json = json;
	}

	/**
	 * Sets the largest payload that is accepted.
	 * @param bytes of JSON in UTF-8, at least 1; default 1 MiB
	 */
	public void setMaxSize(long bytes) {
		Arguments.check(bytes >= 1, () -> "The largest payload size must be at least 1 byte, but is " + bytes);
		this.maxSize = bytes;
	}

	/**
	 * Writes a payload.
	 * @param target what it is for, such as "queue 'emails'"
	 * @param payload any object
	 * @return JSON text
	 * @throws PayloadSerializationException if it cannot be written, or not be stored
	 * @throws PayloadTooLargeException if its JSON is over the limit
	 */
	public String write(String target, Object payload) {
		String text;
		try {
			text = this.json.write(payload);
		}
		catch (JacksonException ex) {
			throw unwritable(payload, target, "cannot be written as JSON: " + ex.getOriginalMessage(), ex);
		}
		long size = size(text);
		if (size > this.maxSize) {
			throw new PayloadTooLargeException(target, size, this.maxSize);
		}
		if (text.contains("\\u0000") && NUL.matcher(text).find()) {
			throw unwritable(payload, target,
					"contains the character U+0000, which PostgreSQL's jsonb cannot hold. Remove it", null);
		}
		if (Arguments.hasLoneSurrogate(text)) {
			throw unwritable(payload, target, "contains half of a surrogate pair, which is no character. Remove it",
					null);
		}
		return text;
	}

	private static PayloadSerializationException unwritable(Object payload, String target, String reason,
			@Nullable Throwable cause) {
		return new PayloadSerializationException(
				"A payload of type " + payload.getClass().getName() + " for " + target + " " + reason, cause);
	}

	/** Bytes in UTF-8, without encoding it. */
	private static long size(String text) {
		long size = text.length();
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c >= 0x80) {
				// a surrogate pair is two chars and four bytes
				size += (c < 0x800 || Character.isSurrogate(c)) ? 1 : 2;
			}
		}
		return size;
	}

}

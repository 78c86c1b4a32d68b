package io.pgqrs;

import java.util.regex.Pattern;

import io.pgqrs.support.PayloadJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Writes payloads as JSON that both databases can hold, or says why not. */
final class PayloadWriter {

	private static final long DEFAULT_MAX_SIZE = 1024 * 1024;

	/** The escape of U+0000, with an even number of backslashes before it. */
	private static final Pattern NUL = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\\\u0000");

	private final PayloadJson json;

	private long maxSize = DEFAULT_MAX_SIZE;

	PayloadWriter(PayloadJson json) {
		this.json = json;
	}

	void setMaxSize(long bytes) {
		Arguments.check(bytes >= 1, () -> "The largest payload size must be at least 1 byte, but is " + bytes);
		this.maxSize = bytes;
	}

	String write(String queue, @Nullable Object payload) {
		if (payload == null) {
			throw new InvalidArgumentException("A message needs a payload, but it is null (queue '" + queue + "')");
		}
		String text;
		try {
			text = this.json.write(payload);
		}
		catch (JacksonException ex) {
			throw new PayloadSerializationException("A payload of type " + payload.getClass().getName() + " for queue '"
					+ queue + "' cannot be written as JSON: " + ex.getOriginalMessage(), ex);
		}
		long size = size(text);
		if (size > this.maxSize) {
			throw new PayloadTooLargeException(queue, size, this.maxSize);
		}
		if (text.contains("\\u0000") && NUL.matcher(text).find()) {
			throw new PayloadSerializationException("A payload of type " + payload.getClass().getName() + " for queue '"
					+ queue + "' contains the character U+0000, which PostgreSQL's jsonb cannot hold. Remove it", null);
		}
		if (Arguments.hasLoneSurrogate(text)) {
			throw new PayloadSerializationException("A payload of type " + payload.getClass().getName() + " for queue '"
					+ queue + "' contains half of a surrogate pair, which is no character. Remove it", null);
		}
		return text;
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

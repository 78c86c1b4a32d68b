package io.pgqrs.spring.boot.autoconfigure.endpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.pgqrs.spring.boot.autoconfigure.endpoint.EndpointClient.Answer;
import org.jspecify.annotations.Nullable;

/**
 * A call in the documentation and the answer below it.
 *
 * @param path behind {@code /actuator}
 * @param body what is posted, or null if nothing is
 * @param answer as documented
 * @param start where the answer begins in the document
 * @param end where it ends
 */
record DocumentedCall(String path, @Nullable String body, String answer, int start, int end) {

	private static final Pattern CALL = Pattern
		.compile("```sh\\n(curl [^\\n]*)\\n```\\n\\n(?:[^`][^\\n]*\\n)*\\n?```json\\n(.*?)```", Pattern.DOTALL);

	private static final Pattern BODY = Pattern.compile("-d '([^']*)'");

	private static final Pattern PATH = Pattern.compile("localhost:8080/actuator([^'\\s]*)");

	static List<DocumentedCall> in(String document) {
		List<DocumentedCall> calls = new ArrayList<>();
		Matcher call = CALL.matcher(document);
		while (call.find()) {
			Matcher path = PATH.matcher(call.group(1));
			Matcher body = BODY.matcher(call.group(1));
			if (!path.find()) {
				throw new IllegalStateException("No path in " + call.group(1));
			}
			calls.add(new DocumentedCall(path.group(1), body.find() ? body.group(1) : null, call.group(2),
					call.start(2), call.end(2)));
		}
		return calls;
	}

	Answer send(EndpointClient client) {
		return (this.body != null) ? client.post(this.path, this.body) : client.get(this.path);
	}

}

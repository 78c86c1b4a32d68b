package io.pgqrs.annotation;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import io.pgqrs.QueueMessage;
import io.pgqrs.listener.Acknowledgment;
import io.pgqrs.store.ClaimedMessage;
import io.pgqrs.store.Lease;
import io.pgqrs.support.PayloadJson;
import tools.jackson.databind.json.JsonMapper;

/** Messages as a container would hand them over. */
final class Deliveries {

	static final Instant ENQUEUED_AT = Instant.parse("2026-01-01T10:00:00Z");

	static final Instant VISIBLE_UNTIL = Instant.parse("2026-01-01T10:00:40Z");

	/** An acknowledgment that does nothing. */
	static final Acknowledgment ACKNOWLEDGMENT = new Acknowledgment() {

		@Override
		public boolean acknowledge() {
			return true;
		}

		@Override
		public boolean release(Duration delay) {
			return true;
		}

		@Override
		public boolean extend(Duration visibility) {
			return true;
		}

	};

	private Deliveries() {
	}

	static QueueMessage message(long id, String json) {
		return message(id, json, Map.of());
	}

	static QueueMessage message(long id, String json, Map<String, String> headers) {
		ClaimedMessage claimed = new ClaimedMessage(new Lease(id, 3), 3, 7, json, PayloadJson.writeHeaders(headers),
				ENQUEUED_AT, ENQUEUED_AT, ENQUEUED_AT, VISIBLE_UNTIL);
		return new QueueMessage("emails", claimed, new PayloadJson(JsonMapper.shared()));
	}

}

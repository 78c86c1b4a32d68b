package io.pgqrs.benchmarks.contender;

import java.sql.SQLException;
import java.util.List;

import io.pgqrs.benchmarks.Names;
import io.pgqrs.benchmarks.contender.RustShapedSession.Message;
import io.pgqrs.benchmarks.database.Database;

/** Claims with the statements of {@link RustShaped}. */
public final class RustShapedClaims implements ClaimContender {

	private static final QueueSettings SETTINGS = new QueueSettings(1, 1, true, 2);

	@Override
	public String name() {
		return Names.RUST;
	}

	@Override
	public boolean worksOn(Database database) {
		return true;
	}

	@Override
	public Consumer open(Database database, int messages) throws SQLException {
		RustShapedQueue queue = new RustShapedQueue(database, SETTINGS);
		queue.fill(messages);
		return new SessionConsumer(queue, queue.session(1));
	}

	private record SessionConsumer(RustShapedQueue queue, RustShapedSession session) implements Consumer {

		@Override
		public Completion claim(int limit) throws SQLException {
			List<Message> messages = this.session.claim(limit);
			return () -> this.session.archive(messages);
		}

		@Override
		public void close() throws Exception {
			this.session.close();
			this.queue.close();
		}

	}

}

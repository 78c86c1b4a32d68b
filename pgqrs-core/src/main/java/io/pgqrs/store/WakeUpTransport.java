package io.pgqrs.store;

/**
 * Tells other processes that a queue has something to claim. A wake-up may get lost and
 * may come for nothing: consumers poll as well.
 *
 * @since 0.1
 */
public interface WakeUpTransport extends AutoCloseable {

	/**
	 * Tells the other processes, soon, without blocking the caller.
	 * @param queue name of the queue
	 */
	void publish(String queue);

	/**
	 * Begins to listen.
	 * @param listener is told
	 */
	void listen(Listener listener);

	/**
	 * Whether wake-ups from other processes arrive now.
	 * @return false if consumers can only poll
	 */
	boolean isListening();

	/** Stops publishing and listening. */
	@Override
	void close();

	/** Is told of wake-ups. */
	interface Listener {

		/**
		 * Something may be due in this queue.
		 * @param queue name of the queue
		 */
		void wakeUp(String queue);

		/** Wake-ups may have been lost: something may be due in any queue. */
		void wakeUpAll();

	}

	/**
	 * A transport of databases that have none.
	 * @return a transport that does nothing and never listens
	 */
	static WakeUpTransport none() {
		return new WakeUpTransport() {

			@Override
			public void publish(String queue) {
			}

			@Override
			public void listen(Listener listener) {
			}

			@Override
			public boolean isListening() {
				return false;
			}

			@Override
			public void close() {
			}

		};
	}

}

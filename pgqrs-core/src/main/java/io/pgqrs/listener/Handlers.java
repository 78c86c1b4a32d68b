package io.pgqrs.listener;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** The threads of a container that handle, and the work that waits for them. */
final class Handlers {

	private final int concurrency;

	private final Consumer<List<Delivery>> handler;

	private final Waiter waiter;

	private final BlockingQueue<Work> work = new LinkedBlockingQueue<>();

	private final Map<Thread, Handler> threads = new ConcurrentHashMap<>();

	/**
	 * Without threads yet.
	 * @param concurrency how many threads will join
	 * @param handler is called by them; must not throw
	 * @param waiter is woken when a thread ends
	 */
	Handlers(int concurrency, Consumer<List<Delivery>> handler, Waiter waiter) {
		this.concurrency = concurrency;
		this.handler = handler;
		this.waiter = waiter;
	}

	void add(Work next) {
		this.work.add(next);
	}

	/** Whether no work waits for a thread. */
	boolean areIdle() {
		return this.work.isEmpty();
	}

	/** The calling thread is one of them until its {@link #run()} ends. */
	void join() {
		this.threads.put(Thread.currentThread(), new Handler(Thread.currentThread()));
	}

	boolean includeCaller() {
		return this.threads.containsKey(Thread.currentThread());
	}

	void run() {
		Handler self = Objects.requireNonNull(this.threads.get(Thread.currentThread()));
		try {
			Work next = this.work.take();
			while (next != Work.END) {
				self.handle(next.deliveries(), this.handler);
				next = this.work.take();
			}
		}
		catch (InterruptedException ex) {
			// Only the end interrupts, when it no longer waits.
		}
		finally {
			this.threads.remove(Thread.currentThread());
			this.waiter.wakeUp();
		}
	}

	/**
	 * Lets each thread end after what it handles now.
	 * @return what was not begun
	 */
	List<Delivery> end() {
		List<Work> notBegun = new ArrayList<>();
		this.work.drainTo(notBegun);
		this.work.addAll(Collections.nCopies(this.concurrency, Work.END));
		return notBegun.stream().flatMap((next) -> next.deliveries().stream()).toList();
	}

	/**
	 * Waits for the threads to end, or for less than that: a wake-up ends it too.
	 * @return whether they have
	 */
	boolean awaitEnd(long nanos) throws InterruptedException {
		if (!this.threads.isEmpty()) {
			this.waiter.sleepUntil(System.nanoTime() + nanos);
		}
		return this.threads.isEmpty();
	}

	void interrupt() {
		this.threads.keySet().forEach(Thread::interrupt);
	}

	/**
	 * Interrupts the threads that handle nothing but some deliveries.
	 * @param deliveries whose handling is in vain
	 */
	void interrupt(Collection<Delivery> deliveries) {
		this.threads.values().forEach((handler) -> handler.interrupt(deliveries));
	}

	/** One thread, and what it handles at the moment. */
	private static final class Handler {

		private final Thread thread;

		private final ReentrantLock lock = new ReentrantLock();

		private List<Delivery> current = List.of();

		Handler(Thread thread) {
			this.thread = thread;
		}

		void handle(List<Delivery> deliveries, Consumer<List<Delivery>> handler) {
			become(deliveries);
			try {
				handler.accept(deliveries);
			}
			finally {
				become(List.of());
				// One that was meant for this work must not meet the next.
				Thread.interrupted();
			}
		}

		private void become(List<Delivery> deliveries) {
			this.lock.lock();
			try {
				this.current = deliveries;
			}
			finally {
				this.lock.unlock();
			}
		}

		void interrupt(Collection<Delivery> deliveries) {
			this.lock.lock();
			try {
				if (!this.current.isEmpty() && deliveries.containsAll(this.current)) {
					this.thread.interrupt();
				}
			}
			finally {
				this.lock.unlock();
			}
		}

	}

}

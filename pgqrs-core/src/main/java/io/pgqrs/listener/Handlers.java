package io.pgqrs.listener;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** The threads of a container that handle, and the work that waits for them. */
final class Handlers {

	private final int concurrency;

	private final Consumer<List<Delivery>> handler;

	private final Waiter waiter;

	private final BlockingQueue<Work> work = new LinkedBlockingQueue<>();

	private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

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
		this.threads.add(Thread.currentThread());
	}

	boolean includeCaller() {
		return this.threads.contains(Thread.currentThread());
	}

	void run() {
		try {
			Work next = this.work.take();
			while (next != Work.END) {
				this.handler.accept(next.deliveries());
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
		this.threads.forEach(Thread::interrupt);
	}

}

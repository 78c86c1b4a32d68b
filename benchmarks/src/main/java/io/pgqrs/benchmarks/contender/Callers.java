package io.pgqrs.benchmarks.contender;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that do the same again and again, as fast as they can. */
final class Callers {

	private static final int THREADS = 8;

	private Callers() {
	}

	/**
	 * Does something many times, and waits until it is done.
	 * @param times how often
	 * @param call is called with 0 to times - 1, by several threads
	 * @throws Exception what a call throws
	 */
	static void call(int times, Call call) throws Exception {
		AtomicInteger next = new AtomicInteger();
		Callable<Void> caller = () -> {
			for (int i = next.getAndIncrement(); i < times; i = next.getAndIncrement()) {
				call.call(i);
			}
			return null;
		};
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		try {
			List<Future<Void>> callers = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				callers.add(threads.submit(caller));
			}
			for (Future<Void> each : callers) {
				each.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	/** What is done many times. */
	@FunctionalInterface
	interface Call {

		void call(int number) throws Exception;

	}

}

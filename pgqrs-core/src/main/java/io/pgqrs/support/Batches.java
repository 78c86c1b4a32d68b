package io.pgqrs.support;

import java.util.function.IntUnaryOperator;

/**
 * Does much in bounded statements, so that none locks or logs too much at once.
 *
 * @since 0.1
 */
public final class Batches {

	private static final int SIZE = 5_000;

	private Batches() {
	}

	/**
	 * Repeats a statement until it finds less than it may take.
	 * @param statement takes a limit and returns how many rows it changed
	 * @return how many rows were changed in all
	 */
	public static int untilDone(IntUnaryOperator statement) {
		return untilDone(SIZE, statement);
	}

	/**
	 * Repeats a statement until it finds less than it may take.
	 * @param size what it may take, at least 1
	 * @param statement takes a limit and returns how many rows it changed
	 * @return how many rows were changed in all
	 */
	public static int untilDone(int size, IntUnaryOperator statement) {
		int total = 0;
		int changed;
		do {
			changed = statement.applyAsInt(size);
			total += changed;
		}
		while (changed == size);
		return total;
	}

}

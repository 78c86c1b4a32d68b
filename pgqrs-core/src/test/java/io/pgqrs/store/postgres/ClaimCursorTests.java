package io.pgqrs.store.postgres;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.pgqrs.store.jdbc.ClaimedRow;
import io.pgqrs.store.postgres.ClaimCursor.Position;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ClaimCursorTests {

	private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

	private static final long FAST = TimeUnit.MILLISECONDS.toNanos(1);

	private static final long SLOW = TimeUnit.MILLISECONDS.toNanos(150);

	private long nanos = Long.MAX_VALUE - 5;

	private final ClaimCursor cursor = new ClaimCursor(() -> this.nanos);

	@Test
	void theFirstClaimSweeps() {
		assertThat(this.cursor.positions()).isEmpty();
	}

	@Test
	void aFullClaimIsFollowedByOneFromItsLastRow() {
		this.cursor.swept(rows(0, 1, 2, 3), true, FAST);
		assertThat(this.cursor.positions()).containsExactly(position(0, 3));
		this.cursor.advance(rows(0, 6, 4, 5), true);
		assertThat(this.cursor.positions()).containsExactly(position(0, 6));
	}

	@Test
	void eachLevelHasItsPositionAndTheHighestComesFirst() {
		this.cursor.swept(List.of(row(-1, 1), row(9, 2), row(0, 3), row(9, 4)), true, FAST);
		assertThat(this.cursor.positions()).containsExactly(position(9, 4), position(0, 3), position(-1, 1));
	}

	@Test
	void aPositionNeverGoesBack() {
		this.cursor.swept(rows(0, 5), true, FAST);
		this.cursor.advance(rows(0, 2), true);
		assertThat(this.cursor.positions()).containsExactly(position(0, 5));
	}

	@Test
	void rowsThatWereDueTogetherAreToldApartById() {
		this.cursor.swept(List.of(new ClaimedRow(8, 0, NOON, null), new ClaimedRow(9, 0, NOON, null)), true, FAST);
		assertThat(this.cursor.positions()).containsExactly(new Position(0, NOON, 9));
	}

	@Test
	void aSweepForgetsLevelsThatAreGone() {
		this.cursor.swept(rows(9, 1), true, FAST);
		elapse(1_000);
		this.cursor.swept(rows(0, 2), true, FAST);
		assertThat(this.cursor.positions()).containsExactly(position(0, 2));
	}

	@Test
	void onceASecondTheNextClaimSweeps() {
		this.cursor.swept(rows(0, 1), true, FAST);
		elapse(999);
		assertThat(this.cursor.positions()).isNotEmpty();
		elapse(1);
		assertThat(this.cursor.positions()).isEmpty();
	}

	@Test
	void aClaimThatCameBackShortIsFollowedByASweep() {
		this.cursor.swept(rows(0, 1), true, FAST);
		this.cursor.advance(rows(0, 2), false);
		assertThat(this.cursor.maySweep()).isTrue();
		assertThat(this.cursor.positions()).isEmpty();
		this.cursor.advance(rows(0, 3), true);
		assertThat(this.cursor.positions()).containsExactly(position(0, 3));
	}

	@Test
	void afterSlowSweepsTheNextOneWaitsTwentyTimesAsLong() {
		this.cursor.swept(rows(0, 1), false, SLOW);
		this.cursor.swept(rows(0, 2), false, SLOW);
		elapse(2_999);
		assertThat(this.cursor.maySweep()).isFalse();
		assertThat(this.cursor.positions()).isNotEmpty();
		elapse(1);
		assertThat(this.cursor.maySweep()).isTrue();
		assertThat(this.cursor.positions()).isEmpty();
	}

	@Test
	void noSweepWaitsLongerThanFiveSeconds() {
		this.cursor.swept(rows(0, 1), true, 100 * SLOW);
		this.cursor.swept(rows(0, 1), true, 100 * SLOW);
		elapse(4_999);
		assertThat(this.cursor.positions()).isNotEmpty();
		elapse(1);
		assertThat(this.cursor.positions()).isEmpty();
	}

	@Test
	void oneSlowSweepIsAHiccup() {
		this.cursor.swept(rows(0, 1), true, 100 * SLOW);
		assertThat(this.cursor.maySweep()).isTrue();
		this.cursor.swept(rows(0, 1), true, FAST);
		this.cursor.swept(rows(0, 1), true, 100 * SLOW);
		elapse(20);
		assertThat(this.cursor.maySweep()).isTrue();
	}

	@Test
	void anIdleQueueIsSwept() {
		this.cursor.swept(rows(0, 1), false, FAST);
		this.cursor.swept(List.of(), false, FAST);
		assertThat(this.cursor.positions()).isEmpty();
	}

	@Test
	void anIdleQueueIsNotSweptAllTheTimeWhileSweepsAreSlow() {
		this.cursor.swept(rows(0, 1), false, SLOW);
		this.cursor.swept(List.of(), false, SLOW);
		assertThat(this.cursor.positions()).containsExactly(position(0, 1));
		elapse(3_000);
		assertThat(this.cursor.positions()).isEmpty();
	}

	private void elapse(long millis) {
		this.nanos += TimeUnit.MILLISECONDS.toNanos(millis);
	}

	private static List<ClaimedRow> rows(int priority, int... seconds) {
		return IntStream.of(seconds).mapToObj((second) -> row(priority, second)).toList();
	}

	private static ClaimedRow row(int priority, int second) {
		return new ClaimedRow(second, priority, NOON.plusSeconds(second), null);
	}

	private static Position position(int priority, int second) {
		return new Position(priority, NOON.plusSeconds(second), second);
	}

}

package io.pgqrs.store.sqlite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class WriterLockTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	@TempDir
	Path directory;

	@Test
	void aFileHasOneLockUnderAllItsNames() throws Exception {
		Path file = Files.createFile(this.directory.resolve("app.db"));
		Path link = Files.createSymbolicLink(this.directory.resolve("link.db"), file);
		Path detour = this.directory.resolve("x/../app.db").normalize();
		assertThat(WriterLock.of(link)).isSameAs(WriterLock.of(file)).isSameAs(WriterLock.of(detour));
		assertThat(WriterLock.of(this.directory.resolve("other.db"))).isNotSameAs(WriterLock.of(file));
	}

	@Test
	void theTurnGoesToTheOneWhoWaitsLongest() throws Exception {
		WriterLock lock = WriterLock.of(this.directory.resolve("app.db"));
		WriterLock.Hold hold = lock.acquire(LONG);
		List<Integer> order = Collections.synchronizedList(new ArrayList<>());
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			int number = i;
			Thread thread = new Thread(() -> {
				try {
					WriterLock.Hold mine = lock.acquire(LONG);
					order.add(number);
					mine.release();
				}
				catch (SQLException ex) {
					throw new IllegalStateException(ex);
				}
			});
			thread.start();
			threads.add(thread);
			await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
		}
		hold.release();
		for (Thread thread : threads) {
			thread.join();
		}
		assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
	}

	@Test
	void theOneWhoJustHadTheTurnGoesToTheEndOfTheQueue() throws Exception {
		WriterLock lock = WriterLock.of(this.directory.resolve("app.db"));
		for (int i = 0; i < 20; i++) {
			WriterLock.Hold hold = lock.acquire(LONG);
			AtomicBoolean served = new AtomicBoolean();
			Thread waiting = new Thread(() -> {
				try {
					WriterLock.Hold mine = lock.acquire(LONG);
					served.set(true);
					mine.release();
				}
				catch (SQLException ex) {
					throw new IllegalStateException(ex);
				}
			});
			waiting.start();
			await().pollInterval(Duration.ofMillis(1)).until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
			hold.release();
			lock.acquire(LONG).release();
			assertThat(served).isTrue();
			waiting.join();
		}
	}

	@Test
	void aWaitThatIsTooLongNamesTheThreadInFront() throws Exception {
		WriterLock lock = WriterLock.of(this.directory.resolve("app.db"));
		Thread holder = new Thread(() -> {
			try {
				lock.acquire(LONG);
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}, "slow-importer");
		holder.start();
		holder.join();
		assertThatExceptionOfType(SQLTransactionRollbackException.class)
			.isThrownBy(() -> lock.acquire(Duration.ofMillis(20)))
			.withMessageContaining("app.db")
			.withMessageContaining("'slow-importer'");
	}

	@Test
	void aThreadNeverWaitsForItself() throws Exception {
		WriterLock lock = WriterLock.of(this.directory.resolve("app.db"));
		WriterLock.Hold hold = lock.acquire(LONG);
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> lock.acquire(LONG))
			.withMessageContaining("REQUIRES_NEW");
		hold.release();
		lock.acquire(LONG).release();
	}

	@Test
	void releasingTwiceGivesOneTurn() throws Exception {
		WriterLock lock = WriterLock.of(this.directory.resolve("app.db"));
		WriterLock.Hold first = lock.acquire(LONG);
		first.release();
		first.release();
		WriterLock.Hold second = lock.acquire(LONG);
		first.release();
		assertThat(lock.isHeld()).isTrue();
		second.usedBy(new Thread());
		assertThatExceptionOfType(SQLTransactionRollbackException.class)
			.isThrownBy(() -> lock.acquire(Duration.ofMillis(20)));
		second.release();
		assertThat(lock.isHeld()).isFalse();
	}

	@Test
	void anInterruptEndsTheWaitAndIsKept() throws Exception {
		WriterLock lock = WriterLock.of(this.directory.resolve("app.db"));
		WriterLock.Hold hold = lock.acquire(LONG);
		hold.usedBy(new Thread());
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(SQLTransactionRollbackException.class).isThrownBy(() -> lock.acquire(LONG))
			.withMessageContaining("Interrupted");
		assertThat(Thread.interrupted()).isTrue();
		hold.release();
	}

}

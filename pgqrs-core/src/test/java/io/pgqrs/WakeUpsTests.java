package io.pgqrs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.pgqrs.store.WakeUpTransport;
import org.junit.jupiter.api.Test;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

class WakeUpsTests {

	private final List<String> published = new ArrayList<>();

	private final List<Duration> woken = new ArrayList<>();

	private final WakeUps wakeUps = new WakeUps(new RecordingTransport(this.published));

	private final TransactionTemplate transaction = new TransactionTemplate(new FakeTransactionManager());

	WakeUpsTests() {
		this.wakeUps.subscribe(List.of("a"), this.woken::add);
	}

	@Test
	void withoutATransactionConsumersAreWokenAtOnce() {
		this.wakeUps.becomesDue("a", Duration.ZERO);
		assertThat(this.woken).containsExactly(Duration.ZERO);
		assertThat(this.published).containsExactly("a");
	}

	@Test
	void onlyConsumersOfTheQueueAreWoken() {
		this.wakeUps.becomesDue("b", Duration.ZERO);
		assertThat(this.woken).isEmpty();
		assertThat(this.published).containsExactly("b");
	}

	@Test
	void inATransactionConsumersAreWokenAfterTheCommitAndOnce() {
		this.transaction.executeWithoutResult((status) -> {
			this.wakeUps.becomesDue("a", Duration.ofSeconds(2));
			this.wakeUps.becomesDue("a", Duration.ZERO);
			this.wakeUps.becomesDue("a", Duration.ofSeconds(1));
			assertThat(this.woken).isEmpty();
			assertThat(this.published).isEmpty();
		});
		assertThat(this.woken).containsExactly(Duration.ZERO);
		assertThat(this.published).containsExactly("a");
	}

	@Test
	void aRollbackWakesNobody() {
		this.transaction.executeWithoutResult((status) -> {
			this.wakeUps.becomesDue("a", Duration.ZERO);
			status.setRollbackOnly();
		});
		assertThat(this.woken).isEmpty();
		assertThat(this.published).isEmpty();
		this.transaction.executeWithoutResult((status) -> this.wakeUps.becomesDue("a", Duration.ZERO));
		assertThat(this.woken).hasSize(1);
	}

	@Test
	void anInnerTransactionWakesWhenItCommitsItself() {
		TransactionTemplate inner = new TransactionTemplate(this.transaction.getTransactionManager());
		inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.wakeUps.subscribe(List.of("inner"), (delay) -> this.published.add("woken"));
		this.transaction.executeWithoutResult((status) -> {
			this.wakeUps.becomesDue("a", Duration.ZERO);
			inner.executeWithoutResult((innerStatus) -> this.wakeUps.becomesDue("inner", Duration.ZERO));
			assertThat(this.published).containsExactly("woken", "inner");
			assertThat(this.woken).isEmpty();
		});
		assertThat(this.woken).hasSize(1);
	}

	@Test
	void whatIsWrittenAfterACommitIsAnnouncedToo() {
		this.transaction.executeWithoutResult(
				(status) -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCommit() {
						WakeUpsTests.this.wakeUps.becomesDue("a", Duration.ZERO);
					}

				}));
		assertThat(this.woken).singleElement().satisfies((delay) -> assertThat(delay).isPositive());
	}

	@Test
	void aDelayIsForConsumersOfThisProcessOnly() {
		this.wakeUps.becomesDue("a", Duration.ofMillis(200));
		assertThat(this.woken).containsExactly(Duration.ofMillis(200));
		assertThat(this.published).isEmpty();
	}

	@Test
	void aClosedSubscriptionIsNotWoken() {
		List<Duration> other = new ArrayList<>();
		WakeUps.Subscription subscription = this.wakeUps.subscribe(List.of("a"), other::add);
		subscription.close();
		this.wakeUps.wakeUpAll();
		assertThat(other).isEmpty();
		assertThat(this.woken).hasSize(1);
	}

	@Test
	void aTransportThatFailsDoesNotFailTheCaller() {
		WakeUps failing = new WakeUps(new RecordingTransport(List.of()));
		failing.subscribe(List.of("a"), this.woken::add);
		failing.becomesDue("a", Duration.ZERO);
		assertThat(this.woken).hasSize(1);
	}

	private static final class RecordingTransport implements WakeUpTransport {

		private final List<String> published;

		RecordingTransport(List<String> published) {
			this.published = published;
		}

		@Override
		public void publish(String queue) {
			this.published.add(queue);
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

	}

	/** Begins, suspends and ends transactions of nothing. */
	private static final class FakeTransactionManager extends AbstractPlatformTransactionManager
			implements PlatformTransactionManager {

		private static final long serialVersionUID = 1L;

		private transient boolean active;

		@Override
		protected Object doGetTransaction() {
			return new Object();
		}

		@Override
		protected boolean isExistingTransaction(Object transaction) {
			return this.active;
		}

		@Override
		protected Object doSuspend(Object transaction) {
			return transaction;
		}

		@Override
		protected void doResume(Object transaction, Object suspendedResources) {
			this.active = true;
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			this.active = true;
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
			this.active = false;
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
			this.active = false;
		}

	}

}

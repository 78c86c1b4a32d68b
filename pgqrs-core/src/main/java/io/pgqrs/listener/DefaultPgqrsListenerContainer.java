package io.pgqrs.listener;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import io.pgqrs.WorkflowQueues;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/** A container whose every start begins a new {@link ContainerRun}. */
final class DefaultPgqrsListenerContainer implements PgqrsListenerContainer {

	private static final Log logger = LogFactory.getLog(DefaultPgqrsListenerContainer.class);

	private final PgqrsListenerEndpoint endpoint;

	private final ContainerOptions options;

	private final ContainerContext context;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile @Nullable ContainerRun run;

	private volatile boolean paused;

	DefaultPgqrsListenerContainer(PgqrsListenerEndpoint endpoint, ContainerOptions options, ContainerContext context) {
		if (endpoint.listener() instanceof AccountingListener) {
			checkAccounting(endpoint, options);
		}
		else {
			endpoint.queues()
				.forEach((queue) -> Assert.isTrue(!WorkflowQueues.isOne(queue),
						() -> "Queue '" + queue + "' carries the runs of a workflow, which listener '" + endpoint.id()
								+ "' would take away from it"));
		}
		this.endpoint = endpoint;
		this.options = options;
		this.context = context;
	}

	/** What the container would do about messages, such a listener does itself. */
	private static void checkAccounting(PgqrsListenerEndpoint endpoint, ContainerOptions options) {
		String listener = "Listener '" + endpoint.id() + "' keeps account itself of each message it handles: ";
		Assert.isTrue(!options.batch(), () -> listener + "'batch' must be false");
		Assert.isTrue(options.ackMode() == AckMode.ON_SUCCESS,
				() -> listener + "'ackMode' must be ON_SUCCESS, but is " + options.ackMode());
		Assert.isTrue(endpoint.errorHandler() == null,
				() -> listener + "it cannot have an error handler, which would never be called");
	}

	@Override
	public void start() {
		this.lock.lock();
		try {
			if (isRunning()) {
				return;
			}
			ContainerRun next = new ContainerRun(this.endpoint, this.options, this.context, this.paused);
			next.start();
			this.run = next;
			logger.info("Listener '" + getListenerId() + "' consumes " + getQueues() + " on "
					+ this.context.store().database() + ": " + this.options);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void stop(Runnable callback) {
		stopped().thenRun(callback);
	}

	@Override
	public void stop() {
		ContainerRun current = this.run;
		CompletableFuture<Void> stopped = stopped();
		// A listener that stops its own container would wait for itself.
		if (current == null || !current.isHandler()) {
			stopped.join();
		}
	}

	private CompletableFuture<Void> stopped() {
		this.lock.lock();
		try {
			ContainerRun current = this.run;
			return (current != null) ? current.stop() : CompletableFuture.completedFuture(null);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public boolean isRunning() {
		ContainerRun current = this.run;
		return current != null && current.isRunning();
	}

	@Override
	public void pause() {
		setPaused(true);
	}

	@Override
	public void resume() {
		setPaused(false);
	}

	private void setPaused(boolean paused) {
		this.lock.lock();
		try {
			this.paused = paused;
			ContainerRun current = this.run;
			if (current != null) {
				current.setPaused(paused);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public boolean isPaused() {
		return this.paused;
	}

	@Override
	public ContainerState getState() {
		ContainerRun current = this.run;
		if (current == null || !current.isRunning()) {
			return (current != null && current.hasFailed()) ? ContainerState.FAILED : ContainerState.STOPPED;
		}
		if (this.paused) {
			return ContainerState.PAUSED;
		}
		return current.isRecovering() ? ContainerState.RECOVERING : ContainerState.RUNNING;
	}

	@Override
	public boolean isAutoStartup() {
		return this.options.autoStartup();
	}

	@Override
	public int getPhase() {
		return this.context.phase();
	}

	@Override
	public String getListenerId() {
		return this.endpoint.id();
	}

	@Override
	public List<String> getQueues() {
		return this.endpoint.queues();
	}

	@Override
	public ContainerOptions getOptions() {
		return this.options;
	}

}

package io.pgqrs.workflow;

import io.pgqrs.listener.Shutdown;

/** Of a run that its caller executes: requested when that is interrupted. */
final class InlineShutdown implements Shutdown {

	private volatile boolean requested;

	void request() {
		this.requested = true;
	}

	/** The run goes on elsewhere. */
	void check() throws InterruptedException {
		if (this.requested) {
			throw new InterruptedException();
		}
	}

	/** The run has ended nonetheless: the caller may want to know of the interrupt. */
	void passOn() {
		if (this.requested) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public boolean isRequested() {
		return this.requested;
	}

	@Override
	public boolean isForced() {
		return false;
	}

}

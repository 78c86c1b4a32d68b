package io.pgqrs.listener;

/** How far the end of a container's run has come. */
final class ContainerShutdown implements Shutdown {

	private volatile boolean requested;

	private volatile boolean forced;

	void request() {
		this.requested = true;
	}

	void force() {
		this.requested = true;
		this.forced = true;
	}

	@Override
	public boolean isRequested() {
		return this.requested;
	}

	@Override
	public boolean isForced() {
		return this.forced;
	}

}

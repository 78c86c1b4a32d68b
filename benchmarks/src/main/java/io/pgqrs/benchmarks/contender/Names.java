package io.pgqrs.benchmarks.contender;

/** What contenders are called, where others have to know. */
public final class Names {

	/** Ours. */
	public static final String PGQRS = "pgqrs";

	/** The limit. */
	public static final String BARE_LOOP = "bare JDBC loop";

	/** The limit of enqueueing. */
	public static final String BARE_INSERT = "INSERT and commit";

	/** Ours, when nobody is told of new messages but by polling. */
	public static final String PGQRS_POLLING = "pgqrs without wake-ups";

	private Names() {
	}

}

package io.pgqrs.benchmarks.contender;

/** What contenders are called, where others have to know. */
public final class Names {

	/** Ours. */
	public static final String PGQRS = "pgqrs";

	/** The limit. */
	public static final String BARE_LOOP = "bare JDBC loop";

	private Names() {
	}

}

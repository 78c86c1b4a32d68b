package io.pgqrs.store;

import org.jspecify.annotations.Nullable;

/**
 * What is installed, against what this library needs.
 *
 * @param state the verdict
 * @param version of what is installed, or null if nothing is
 * @param detail what differs, in words; empty when current
 * @since 0.1
 */
public record SchemaStatus(State state, @Nullable String version, String detail) {

	/** Verdict on the installed tables. */
	public enum State {

		/** As this library needs it. */
		CURRENT,

		/** Not installed at all. */
		MISSING,

		/** Installed by an older library; a migration is pending. */
		OLDER,

		/** Installed by a newer library. */
		NEWER,

		/** The recorded history differs from what this library ships. */
		DIFFERENT

	}

}

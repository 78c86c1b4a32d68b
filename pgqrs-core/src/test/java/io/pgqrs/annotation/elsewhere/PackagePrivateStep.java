package io.pgqrs.annotation.elsewhere;

import io.pgqrs.annotation.PgqrsStep;

/** A step that subclasses of other packages do not see. */
public class PackagePrivateStep {

	@PgqrsStep
	void step() {
	}

}

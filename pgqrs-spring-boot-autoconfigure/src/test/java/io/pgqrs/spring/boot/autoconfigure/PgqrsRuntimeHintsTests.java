package io.pgqrs.spring.boot.autoconfigure;

import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;

class PgqrsRuntimeHintsTests {

	@Test
	void theSqlOfTheTablesIsTakenIntoANativeImage() {
		RuntimeHints hints = new RuntimeHints();
		SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter(PgqrsRuntimeHints.class::isInstance)
			.forEach((registrar) -> registrar.registerHints(hints, getClass().getClassLoader()));
		assertThat(RuntimeHintsPredicates.resource().forResource("io/pgqrs/schema/postgresql/V1__queue.sql"))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.resource().forResource("io/pgqrs/schema/sqlite/V1__queue.sql"))
			.accepts(hints);
	}

}

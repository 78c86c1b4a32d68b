package io.pgqrs.spring.boot.autoconfigure;

import java.util.stream.Stream;

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
		assertThat(Stream.of("postgresql/V1__queue.sql", "postgresql/V2__workflows.sql", "sqlite/V1__queue.sql",
				"sqlite/V2__workflows.sql"))
			.allSatisfy((script) -> {
				String resource = "io/pgqrs/schema/" + script;
				assertThat(getClass().getClassLoader().getResource(resource)).isNotNull();
				assertThat(RuntimeHintsPredicates.resource().forResource(resource)).accepts(hints);
			});
	}

}

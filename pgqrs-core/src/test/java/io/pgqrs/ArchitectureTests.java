package io.pgqrs;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** The rooms of the library, and the one way that arrows between them go. */
class ArchitectureTests {

	private static final String ROOT = "io.pgqrs";

	private static final String STORE = "io.pgqrs.store";

	private static final String BACKENDS = "io.pgqrs.store.*..";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages(ROOT);

	@Test
	void packagesAreFreeOfCycles() {
		check(slices().matching("io.pgqrs.(**)").should().beFreeOfCycles());
	}

	@Test
	void theStoreSpiKnowsNothingElse() {
		check(noClasses().that()
			.resideInAPackage(STORE)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(ROOT, "io.pgqrs.annotation..", "io.pgqrs.listener..", "io.pgqrs.schema..",
					"io.pgqrs.support..", BACKENDS));
	}

	@Test
	void whatUsersCallDoesNotKnowListeners() {
		check(noClasses().that()
			.resideInAPackage(ROOT)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.pgqrs.annotation..", "io.pgqrs.listener.."));
	}

	@Test
	void listenersDoNotKnowAnnotations() {
		check(noClasses().that()
			.resideInAPackage("io.pgqrs.listener..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.pgqrs.annotation.."));
	}

	@Test
	void onlyOneFactoryKnowsTheBackends() {
		check(noClasses().that()
			.resideOutsideOfPackage(BACKENDS)
			.and()
			.doNotHaveFullyQualifiedName(PgqrsStores.class.getName())
			.should()
			.dependOnClassesThat()
			.resideInAPackage(BACKENDS));
	}

	@Test
	void backendsDoNotKnowEachOther() {
		check(noClasses().that()
			.resideInAPackage("io.pgqrs.store.postgres")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.pgqrs.store.sqlite"));
		check(noClasses().that()
			.resideInAPackage("io.pgqrs.store.sqlite")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.pgqrs.store.postgres"));
	}

	@Test
	void onlyStoresAndTheSchemaKnowSql() {
		check(noClasses().that()
			.resideOutsideOfPackages(BACKENDS, "io.pgqrs.schema")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.jdbc.core..", "org.flywaydb..", "org.postgresql..",
					"org.sqlite.."));
	}

	@Test
	void driversStayInTheirBackend() {
		check(noClasses().that()
			.resideOutsideOfPackage("io.pgqrs.store.postgres")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.postgresql.."));
		check(noClasses().that()
			.resideOutsideOfPackage("io.pgqrs.store.sqlite")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.sqlite.."));
	}

	@Test
	void exceptionsAreOfOneFamily() {
		check(classes().that()
			.areAssignableTo(Exception.class)
			.and()
			.arePublic()
			.should()
			.beAssignableTo(PgqrsException.class));
	}

	private static void check(ArchRule rule) {
		rule.check(CLASSES);
	}

}

package io.pgqrs.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.condition.EnabledIf;

/** A test that is skipped where {@link TestPgBouncer} finds no program. */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@EnabledIf(value = "io.pgqrs.test.TestPgBouncer#isInstalled",
		disabledReason = "there is no pgbouncer in the path: apt-get install pgbouncer")
public @interface RequiresPgBouncer {

}

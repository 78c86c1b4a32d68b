package io.pgqrs.store.sqlite;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class StatementKindTests {

	@ParameterizedTest
	@ValueSource(strings = { "select 1", "  \n\tSELECT * FROM t", "-- a comment\nselect 1",
			"/* one */ /* two */select 1", "VALUES (1)", "EXPLAIN INSERT INTO t VALUES (1)", "PRAGMA user_version",
			"WITH due AS (SELECT replace(a, 'x', 'y') FROM t) SELECT * FROM due", "select 'a; b'" })
	void theseRead(String sql) {
		assertThat(StatementKind.of(sql)).isEqualTo(StatementKind.READ);
	}

	@ParameterizedTest
	@ValueSource(strings = { "insert into t values (1)", "UPDATE t SET a = 1 RETURNING a", "delete from t;", "vacuum",
			"replace into t values (1)", "create table t (a); -- done", "", "--",
			"WITH due AS (SELECT a FROM t) UPDATE t SET a = 1", "with due as (select 1)\ndelete from t",
			"WITH x AS (SELECT 1) REPLACE  INTO t SELECT * FROM x", "/* never closed" })
	void theseMayWrite(String sql) {
		assertThat(StatementKind.of(sql)).isEqualTo(StatementKind.WRITE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "BEGIN", "begin immediate", "COMMIT;", "end transaction", "ROLLBACK", "savepoint a",
			"RELEASE a", "insert into t values (1); insert into t values (2)", "create table t (a); begin" })
	void theseMayBeginOrEndATransaction(String sql) {
		assertThat(StatementKind.of(sql)).isEqualTo(StatementKind.CONTROL);
	}

	@Test
	void aWordThatOnlyBeginsLikeAReadMayWrite() {
		assertThat(StatementKind.of("selectively broken")).isEqualTo(StatementKind.WRITE);
	}

}

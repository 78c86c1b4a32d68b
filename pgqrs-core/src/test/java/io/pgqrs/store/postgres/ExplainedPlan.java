package io.pgqrs.store.postgres;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import javax.sql.DataSource;

import io.pgqrs.test.StatementLog;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What PostgreSQL did for a statement, which was run and rolled back for that. */
final class ExplainedPlan {

	private final JsonNode root;

	private ExplainedPlan(JsonNode root) {
		this.root = root;
	}

	/**
	 * Runs a statement again as a prepared one, as the driver does.
	 * @param mode {@code auto} or {@code force_generic_plan}
	 */
	static ExplainedPlan of(DataSource dataSource, StatementLog.Entry statement, String mode) {
		JdbcTemplate jdbc = new JdbcTemplate(dataSource);
		TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
		String json = transaction.execute((status) -> {
			status.setRollbackOnly();
			jdbc.execute("SET LOCAL plan_cache_mode = " + mode);
			jdbc.execute("PREPARE explained (" + types(statement) + ") AS " + numbered(statement.sql()));
			String plan = jdbc.queryForObject(
					"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE explained(" + literals(statement) + ")",
					String.class);
			jdbc.execute("DEALLOCATE explained");
			return plan;
		});
		return new ExplainedPlan(JsonMapper.shared().readTree(json).get(0).get("Plan"));
	}

	private static String numbered(String sql) {
		StringBuilder numbered = new StringBuilder();
		int count = 0;
		for (char c : sql.toCharArray()) {
			numbered.append((c == '?') ? "$" + ++count : String.valueOf(c));
		}
		return numbered.toString();
	}

	private static String types(StatementLog.Entry statement) {
		return statement.parameters().stream().map(ExplainedPlan::type).collect(Collectors.joining(", "));
	}

	private static String type(Object value) {
		if (value instanceof Boolean) {
			return "boolean";
		}
		if (value instanceof int[]) {
			return "int[]";
		}
		if (value instanceof long[]) {
			return "bigint[]";
		}
		if (value instanceof String[]) {
			return "text[]";
		}
		if (value instanceof OffsetDateTime) {
			return "timestamptz";
		}
		if (value instanceof StatementLog.Parameter) {
			return "unknown";
		}
		return (value instanceof String) ? "text" : "bigint";
	}

	private static String literals(StatementLog.Entry statement) {
		return statement.parameters().stream().map(ExplainedPlan::literal).collect(Collectors.joining(", "));
	}

	private static String literal(Object value) {
		if (value instanceof int[] values) {
			return "'" + array(Arrays.stream(values).asLongStream()) + "'";
		}
		if (value instanceof long[] values) {
			return "'" + array(Arrays.stream(values)) + "'";
		}
		if (value instanceof String[] values) {
			return "'{" + String.join(",", values) + "}'";
		}
		if (value instanceof String text) {
			return "'" + text.replace("'", "''") + "'";
		}
		if (value instanceof OffsetDateTime time) {
			return "'" + time + "'";
		}
		return (value instanceof StatementLog.Parameter) ? "NULL" : value.toString();
	}

	private static String array(LongStream values) {
		return values.mapToObj(Long::toString).collect(Collectors.joining(",", "{", "}"));
	}

	/** Pages that were looked at. */
	long buffers() {
		return this.root.get("Shared Hit Blocks").asLong() + this.root.get("Shared Read Blocks").asLong();
	}

	/** Rows that were looked at, also those that a filter or a join threw away. */
	long rows() {
		return nodes().stream()
			.mapToLong((node) -> node.get("Actual Loops").asLong() * (node.get("Actual Rows").asLong()
					+ removed(node, "Rows Removed by Filter") + removed(node, "Rows Removed by Join Filter")))
			.sum();
	}

	private static long removed(JsonNode node, String by) {
		JsonNode rows = node.get(by);
		return (rows != null) ? rows.asLong() : 0;
	}

	/** Rows that came out of sorts. */
	long sortedRows() {
		return nodes().stream()
			.filter((node) -> node.get("Node Type").asString().endsWith("Sort"))
			.mapToLong((node) -> node.get("Actual Rows").asLong() * node.get("Actual Loops").asLong())
			.sum();
	}

	/** Nodes of one type. */
	List<JsonNode> nodes(String type) {
		return nodes().stream().filter((node) -> node.get("Node Type").asString().equals(type)).toList();
	}

	private List<JsonNode> nodes() {
		List<JsonNode> nodes = new ArrayList<>();
		collect(this.root, nodes);
		return nodes;
	}

	private static void collect(JsonNode node, List<JsonNode> nodes) {
		nodes.add(node);
		JsonNode children = node.get("Plans");
		if (children != null) {
			children.forEach((child) -> collect(child, nodes));
		}
	}

	@Override
	public String toString() {
		return this.root.toPrettyString();
	}

}

package io.pgqrs.benchmarks.report;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** How names and numbers of results are written on the page. */
final class Words {

	private Words() {
	}

	/** A number with three digits or all those before the point. */
	static String number(double value) {
		double size = Math.abs(value);
		if (size == 0) {
			return "0";
		}
		String format = (size >= 99.95) ? "%,.0f" : (size >= 9.995) ? "%.1f" : "%.2f";
		return String.format(Locale.ROOT, format, value);
	}

	/** A median with the range of the rounds. */
	static String spread(Spread spread) {
		String median = number(spread.median());
		return (spread.rounds() > 1) ? median + " (" + number(spread.min()) + " – " + number(spread.max()) + ")"
				: median;
	}

	/** The value of a setting. */
	static String value(Object value) {
		if (value instanceof Boolean flag) {
			return flag ? "yes" : "no";
		}
		if (value instanceof Integer || value instanceof Long) {
			return String.format(Locale.ROOT, "%,d", ((Number) value).longValue());
		}
		return String.valueOf(value);
	}

	/** The name of a setting: {@code peerThreads} becomes "peer threads". */
	static String setting(String name) {
		return name.replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
	}

	/** The name of a figure: {@code p99_ms} becomes "p99 (ms)". */
	static String figure(String name) {
		return name.replaceFirst("_ms$", " (ms)").replace('_', ' ').replace("wal ", "WAL ");
	}

	/** What a file may be called. */
	static String file(String name) {
		return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
	}

	/** Known names in their order (by how they begin), then the others by name. */
	static Comparator<String> in(List<String> order) {
		return byRank(order).thenComparing(Comparator.naturalOrder());
	}

	/** Known names in their order (by how they begin), then the others as they come. */
	static Comparator<String> byRank(List<String> order) {
		return Comparator.comparing((name) -> rank(name, order));
	}

	/** Where a name stands, by how it begins; the end if it is not known. */
	static int rank(String name, List<String> order) {
		return IntStream.range(0, order.size())
			.filter((index) -> name.startsWith(order.get(index)))
			.findFirst()
			.orElse(order.size());
	}

}

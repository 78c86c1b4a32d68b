package io.pgqrs.benchmarks;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import io.pgqrs.benchmarks.contender.BareLoop;
import io.pgqrs.benchmarks.contender.Pgqrs;
import io.pgqrs.benchmarks.contender.QueueContender;
import io.pgqrs.benchmarks.scenario.DrainScenario;
import io.pgqrs.benchmarks.scenario.Scenario;

/** Everything that is measured, in this order. */
final class Scenarios {

	private Scenarios() {
	}

	static List<Scenario> all() {
		List<QueueContender> ours = List.of(new Pgqrs(), new BareLoop());
		return List.of(new DrainScenario(ours));
	}

	static List<String> names() {
		return all().stream().map(Scenario::name).toList();
	}

	/** The names for the help of the command line. */
	static final class Candidates implements Iterable<String> {

		@Override
		public Iterator<String> iterator() {
			return new ArrayList<>(names()).iterator();
		}

	}

}

package io.pgqrs.benchmarks;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import io.pgqrs.benchmarks.contender.BareLoop;
import io.pgqrs.benchmarks.contender.Pgqrs;
import io.pgqrs.benchmarks.contender.PgqrsClaims;
import io.pgqrs.benchmarks.contender.QueueContender;
import io.pgqrs.benchmarks.scenario.ClaimScenario;
import io.pgqrs.benchmarks.scenario.DrainScenario;
import io.pgqrs.benchmarks.scenario.EnqueueScenario;
import io.pgqrs.benchmarks.scenario.HeldTransactionScenario;
import io.pgqrs.benchmarks.scenario.LatencyScenario;
import io.pgqrs.benchmarks.scenario.PeerDrainScenario;
import io.pgqrs.benchmarks.scenario.Scenario;

/** Everything that is measured, in this order. */
final class Scenarios {

	private Scenarios() {
	}

	static List<Scenario> all() {
		List<QueueContender> batching = List.of(new Pgqrs(), new BareLoop());
		return List.of(new PeerDrainScenario(batching, List.of()), new DrainScenario(batching),
				new EnqueueScenario(List.of(new Pgqrs(), Pgqrs.withoutWakeUps(), BareLoop.insertAndCommit())),
				new LatencyScenario(List.of(new Pgqrs())), new ClaimScenario(List.of(new PgqrsClaims())),
				new HeldTransactionScenario(batching));
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

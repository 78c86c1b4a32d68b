package io.pgqrs.benchmarks;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import io.pgqrs.benchmarks.contender.BareLoop;
import io.pgqrs.benchmarks.contender.DbScheduler;
import io.pgqrs.benchmarks.contender.Dbos;
import io.pgqrs.benchmarks.contender.DbosQueue;
import io.pgqrs.benchmarks.contender.JobRunr;
import io.pgqrs.benchmarks.contender.Pgqrs;
import io.pgqrs.benchmarks.contender.PgqrsClaims;
import io.pgqrs.benchmarks.contender.PgqrsIdle;
import io.pgqrs.benchmarks.contender.PgqrsWorkflows;
import io.pgqrs.benchmarks.contender.QueueContender;
import io.pgqrs.benchmarks.contender.RustShaped;
import io.pgqrs.benchmarks.contender.RustShapedClaims;
import io.pgqrs.benchmarks.scenario.ClaimScenario;
import io.pgqrs.benchmarks.scenario.CostScenario;
import io.pgqrs.benchmarks.scenario.DrainScenario;
import io.pgqrs.benchmarks.scenario.EnqueueScenario;
import io.pgqrs.benchmarks.scenario.HeldTransactionScenario;
import io.pgqrs.benchmarks.scenario.LatencyScenario;
import io.pgqrs.benchmarks.scenario.PeerDrainScenario;
import io.pgqrs.benchmarks.scenario.Scenario;
import io.pgqrs.benchmarks.scenario.WorkflowScenario;

/** Everything that is measured, in this order. */
final class Scenarios {

	private Scenarios() {
	}

	static List<Scenario> all() {
		QueueContender pgqrs = new Pgqrs();
		QueueContender rust = new RustShaped();
		QueueContender jobRunr = new JobRunr();
		Dbos dbos = new Dbos();
		List<QueueContender> peers = new ArrayList<>(DbScheduler.tunings());
		QueueContender dbScheduler = peers.get(1);
		peers.add(jobRunr);
		List<QueueContender> ours = List.of(pgqrs, new BareLoop());
		List<QueueContender> batching = List.of(pgqrs, new BareLoop(), rust);
		return List.of(new PeerDrainScenario(batching, peers), new DrainScenario(ours),
				new EnqueueScenario(
						List.of(pgqrs, Pgqrs.withoutWakeUps(), BareLoop.insertAndCommit(), rust, dbScheduler, jobRunr)),
				new LatencyScenario(List.of(pgqrs, rust, dbScheduler, jobRunr, new DbosQueue())),
				new ClaimScenario(List.of(new PgqrsClaims(), new RustShapedClaims())),
				new HeldTransactionScenario(List.of(pgqrs, new BareLoop(), rust, dbScheduler)),
				new WorkflowScenario(List.of(new PgqrsWorkflows(), dbos)),
				new CostScenario(List.of(pgqrs, rust, dbScheduler, jobRunr), List.of(new PgqrsWorkflows(), dbos),
						List.of(new PgqrsIdle(), dbos)));
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

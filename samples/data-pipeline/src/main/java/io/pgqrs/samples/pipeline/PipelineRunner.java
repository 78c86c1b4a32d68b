package io.pgqrs.samples.pipeline;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import io.pgqrs.PgqrsException;
import io.pgqrs.workflow.RunStatus;
import io.pgqrs.workflow.StepInfo;
import io.pgqrs.workflow.WorkflowOperations;
import io.pgqrs.workflow.WorkflowRun;
import io.pgqrs.workflow.WorkflowTimeoutException;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.stereotype.Component;

/** Starts a run, or goes on with the one that was interrupted, and waits for its end. */
@Component
class PipelineRunner implements ApplicationRunner, ExitCodeGenerator {

	private static final Duration LOOK = Duration.ofMillis(200);

	private final WorkflowOperations workflows;

	private final ConfigurableApplicationContext context;

	private volatile int exitCode;

	PipelineRunner(WorkflowOperations workflows, ConfigurableApplicationContext context) {
		this.workflows = workflows;
		this.context = context;
	}

	@Override
	public void run(ApplicationArguments arguments) {
		try {
			List<String> approved = arguments.getOptionValues("approve-run");
			if (approved != null) {
				await(approve(String.join(",", approved)), true);
				return;
			}
			String source = arguments.getNonOptionArgs().stream().findFirst().orElse(TextSource.SAMPLE);
			PipelineInput input = new PipelineInput(TextSource.normalize(source), arguments.containsOption("approve"));
			await(startOrResume(input, arguments.containsOption("new")), false);
		}
		catch (PgqrsException | IllegalArgumentException ex) {
			System.err.println(ex.getMessage());
			this.exitCode = 1;
		}
	}

	private long approve(String number) {
		if (!number.matches("\\d{1,18}")) {
			throw new IllegalArgumentException("--approve-run takes the number of a run, but is '" + number + "'");
		}
		long run = Long.parseLong(number);
		this.workflows.signal(run, DataPipeline.APPROVE, true);
		System.out.println("Run " + run + " is approved");
		return run;
	}

	/** The same input comes back to its last run, unless another one is asked for. */
	private long startOrResume(PipelineInput input, boolean another) {
		int number = 1;
		Optional<WorkflowRun> last = Optional.empty();
		for (var run = find(input, number); run.isPresent(); run = find(input, number)) {
			last = run;
			number++;
		}
		if (last.isPresent() && !another) {
			return resume(last.get());
		}
		long run = this.workflows.start(DataPipeline.NAME).input(input).key(key(input, number)).send().id();
		System.out.println("Run " + run + " of " + input.source());
		return run;
	}

	private Optional<WorkflowRun> find(PipelineInput input, int number) {
		return this.workflows.find(DataPipeline.NAME, key(input, number));
	}

	private static String key(PipelineInput input, int number) {
		// A URL may be longer than a key.
		return UUID.nameUUIDFromBytes(input.toString().getBytes(StandardCharsets.UTF_8)) + "#" + number;
	}

	private long resume(WorkflowRun run) {
		if (run.status() == RunStatus.SUCCESS) {
			System.out.println("Run " + run.id() + " has ended already; --new starts another one");
			return run.id();
		}
		List<String> recorded = this.workflows.steps(run.id())
			.stream()
			.filter((step) -> step.completedAt() != null)
			.map(StepInfo::name)
			.toList();
		System.out.println("Run " + run.id() + " goes on; recorded by now: " + recorded);
		this.workflows.retry(run.id()); // if it failed
		return run.id();
	}

	private void await(long run, boolean approved) {
		while (this.context.isActive()) {
			try {
				print(run, this.workflows.result(run, Report.class, LOOK));
				return;
			}
			catch (WorkflowTimeoutException ex) {
				if (!approved && waitsForApproval(run)) {
					System.out.println(
							"Run " + run + " waits for approval. To give it, start again with --approve-run=" + run);
					return;
				}
			}
		}
	}

	private boolean waitsForApproval(long run) {
		return this.workflows.steps(run)
			.stream()
			.anyMatch((step) -> step.name().equals(DataPipeline.APPROVE) && step.status() == RunStatus.PAUSED);
	}

	private void print(long id, Report report) {
		WorkflowRun run = this.workflows.get(id);
		Duration time = Duration.between(run.createdAt(), Objects.requireNonNull(run.completedAt()));
		System.out.printf(Locale.ROOT, "%n%s%n%.1f s, written to %s%n", report.table(), time.toMillis() / 1000.0,
				report.file());
	}

	@Override
	public int getExitCode() {
		return this.exitCode;
	}

}

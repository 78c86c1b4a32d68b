package io.pgqrs.samples.quickstart;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import io.pgqrs.samples.quickstart.Scan.Progress;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.stereotype.Component;

/** Begins a scan, or goes on with the one that was interrupted, and shows how it goes. */
@Component
class ScanRunner implements ApplicationRunner, ExitCodeGenerator {

	private static final Duration REFRESH = Duration.ofMillis(100);

	private final Scans scans;

	private final QuickstartProperties properties;

	private final ConfigurableApplicationContext context;

	private volatile int exitCode;

	ScanRunner(Scans scans, QuickstartProperties properties, ConfigurableApplicationContext context) {
		this.scans = scans;
		this.properties = properties;
		this.context = context;
	}

	@Override
	public void run(ApplicationArguments arguments) throws IOException, InterruptedException {
		// It answers while it counts.
		AvailabilityChangeEvent.publish(this.context, ReadinessState.ACCEPTING_TRAFFIC);
		Instant begin = Instant.now();
		Scan scan = beginOrResume(this.properties.directory());
		if (!watch(scan)) {
			System.out.println("Stopped half-way. Start again to count the rest.");
			return;
		}
		this.scans.finish(scan);
		Summary summary = new Summary(this.scans.totals(scan), scan.files(), this.scans.failures(scan));
		summary.print(System.out, Duration.between(begin, Instant.now()));
		this.exitCode = (summary.failed() == 0) ? 0 : 1;
		String port = this.context.getEnvironment().getProperty("local.server.port");
		if (port != null) {
			System.out.println("POST http://localhost:" + port + "/jobs takes more; Ctrl-C ends.");
		}
	}

	private Scan beginOrResume(Path input) throws IOException {
		Optional<Scan> interrupted = this.scans.unfinished(input);
		if (interrupted.isPresent()) {
			Scan scan = interrupted.get();
			System.out.println("Going on with " + input + ": " + this.scans.progress(scan).counted() + " of "
					+ scan.files() + " files are counted already");
			return scan;
		}
		List<Path> files = TextFiles.in(input);
		System.out.println("Counting " + files.size() + " files of " + input);
		return this.scans.begin(input, files);
	}

	/**
	 * Shows the progress until the end.
	 * @return false if the application is stopped before
	 */
	private boolean watch(Scan scan) throws InterruptedException {
		try (ProgressBar bar = new ProgressBarBuilder().setTaskName("Files")
			.setInitialMax(scan.files())
			.setUpdateIntervalMillis((int) REFRESH.toMillis())
			.build()) {
			while (this.context.isActive()) {
				Progress progress = this.scans.progress(scan);
				bar.stepTo(progress.counted());
				if (progress.finished()) {
					return true;
				}
				Thread.sleep(REFRESH.toMillis());
			}
			return false;
		}
	}

	@Override
	public int getExitCode() {
		return this.exitCode;
	}

}

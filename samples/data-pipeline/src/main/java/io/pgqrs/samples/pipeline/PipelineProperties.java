package io.pgqrs.samples.pipeline;

import java.nio.file.Path;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What the command line says of all runs.
 *
 * @param output where the reports go
 * @param crashAfter the step after which to crash; empty for none
 */
@ConfigurationProperties("pipeline")
record PipelineProperties(Path output, String crashAfter) {

	PipelineProperties {
		if (!crashAfter.matches("|fetch|split|counted-[1-" + TextSplitter.PARTS + "]|approve|report")) {
			throw new IllegalArgumentException(
					"There is no step '" + crashAfter + "' to crash after, but fetch, split, counted-1 to counted-"
							+ TextSplitter.PARTS + ", approve and report");
		}
	}

}

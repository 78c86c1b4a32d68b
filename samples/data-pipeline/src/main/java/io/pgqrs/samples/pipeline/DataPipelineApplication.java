package io.pgqrs.samples.pipeline;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/**
 * Counts the words of a text, and ends when its run has ended or waits for approval. Its
 * arguments: {@code [FILE|URL] [--approve] [--new] [--crash-after=STEP]}, or
 * {@code --approve-run=ID}.
 */
@SpringBootApplication
@EnableConfigurationProperties(PipelineProperties.class)
public class DataPipelineApplication {

	public static void main(String[] args) {
		System.exit(SpringApplication.exit(SpringApplication.run(DataPipelineApplication.class, args)));
	}

}

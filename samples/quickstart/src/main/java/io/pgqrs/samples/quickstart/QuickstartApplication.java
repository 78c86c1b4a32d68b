package io.pgqrs.samples.quickstart;

import java.util.List;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/**
 * Counts the files of {@code --input}, then answers {@code POST /jobs} until Ctrl-C; with
 * {@code --exit} it ends after the summary.
 */
@SpringBootApplication
@EnableConfigurationProperties(QuickstartProperties.class)
public class QuickstartApplication {

	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(QuickstartApplication.class);
		boolean exit = List.of(args).contains("--exit");
		if (exit) {
			// Nobody will ask it anything, so it needs no port.
			application.setWebApplicationType(WebApplicationType.NONE);
		}
		var context = application.run(args);
		if (exit) {
			System.exit(SpringApplication.exit(context));
		}
	}

}

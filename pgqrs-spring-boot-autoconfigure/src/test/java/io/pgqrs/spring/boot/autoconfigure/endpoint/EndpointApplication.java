package io.pgqrs.spring.boot.autoconfigure.endpoint;

import java.io.IOException;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import io.pgqrs.annotation.PgqrsListener;
import io.pgqrs.annotation.PgqrsWorkflow;
import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;
import io.pgqrs.workflow.PermanentStepException;
import io.pgqrs.workflow.WorkflowContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A web application whose operators look at it. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = { HibernateJpaAutoConfiguration.class, FlywayAutoConfiguration.class,
		LiquibaseAutoConfiguration.class })
class EndpointApplication {

	static ConfigurableApplicationContext start(ApplicationDatabase database, WebApplicationType type,
			String... properties) {
		return new SpringApplicationBuilder(EndpointApplication.class).web(type)
			.properties("spring.application.name=shop", "server.port=0", "spring.datasource.url=" + database.url(),
					"management.endpoints.web.exposure.include=pgqrs,health",
					"management.endpoint.health.show-details=always", "pgqrs.queues.emails.max-attempts=1",
					"pgqrs.worker.name=shop-1")
			.run(Stream.of(properties).map((property) -> "--" + property).toArray(String[]::new));
	}

	@Bean
	Emails emails() {
		return new Emails();
	}

	@Bean
	Imports imports() {
		return new Imports();
	}

	/** What says of itself that it is a password. */
	@Bean
	SanitizingFunction passwords() {
		return SanitizingFunction.sanitizeValue().ifKeyEquals("password");
	}

	record Email(String to, String subject) {
	}

	/** Messages without a mailbox become dead letters. */
	static class Emails {

		/** Lets handlers of slow messages end. */
		final Semaphore slow = new Semaphore(0);

		final CountDownLatch slowBegun = new CountDownLatch(1);

		@PgqrsListener(queues = "emails", id = "mailer")
		void send(Email email) {
			if (email.to().isEmpty()) {
				throw new IllegalStateException("No mailbox of that name");
			}
		}

		@PgqrsListener(queues = "slow", id = "slow")
		void wait(String text) throws InterruptedException {
			this.slowBegun.countDown();
			this.slow.acquire();
		}

	}

	static class Imports {

		/** Whether the file to import is there. */
		final AtomicBoolean fileIsThere = new AtomicBoolean();

		@PgqrsWorkflow("data_pipeline")
		String run(WorkflowContext ctx, String text) {
			int letters = ctx.step("count", Integer.class, text::length);
			return letters + " letters";
		}

		@PgqrsWorkflow("file_import")
		int load(WorkflowContext ctx) {
			ctx.step("find_file", Boolean.class, () -> true);
			return ctx.step("read_file", Integer.class, () -> {
				if (!this.fileIsThere.get()) {
					throw new PermanentStepException("The file is not there");
				}
				return 42;
			});
		}

		@PgqrsWorkflow("approval")
		String approve(WorkflowContext ctx) {
			return ctx.awaitSignal("approved", String.class, Duration.ofHours(1)).orElse("nobody");
		}

	}

	/** Believes what a request says of its user. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = Type.SERVLET)
	static class Security {

		@Bean
		HttpFilter users() {
			return new Users();
		}

	}

	@SuppressWarnings("serial")
	static class Users extends HttpFilter {

		@Override
		protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws IOException, ServletException {
			String user = request.getHeader("User");
			List<String> roles = List.of(String.valueOf(request.getHeader("Roles")).split(","));
			chain.doFilter(new HttpServletRequestWrapper(request) {

				@Override
				public Principal getUserPrincipal() {
					return (user != null) ? () -> user : null;
				}

				@Override
				public boolean isUserInRole(String role) {
					return roles.contains(role);
				}

			}, response);
		}

	}

}

package io.pgqrs.spring.boot.autoconfigure.endpoint;

import io.pgqrs.PgqrsAdmin;
import io.pgqrs.QueueDefinition;
import io.pgqrs.annotation.PgqrsListener;
import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;
import io.pgqrs.spring.boot.autoconfigure.Applications;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.ErrorDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.ListenerDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.OverviewDescriptor;
import io.pgqrs.spring.boot.autoconfigure.health.PgqrsHealthContributorAutoConfiguration;
import io.pgqrs.spring.boot.autoconfigure.health.PgqrsHealthIndicator;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/** What operators see while the database is away. */
class PgqrsEndpointOutageTests {

	@Test
	void whatTheProcessKnowsByItselfIsShownAndTheRestIsUnavailable() {
		ApplicationDatabase database = ApplicationDatabase.postgres();
		new WebApplicationContextRunner().withConfiguration(Applications.STARTER)
			.withConfiguration(AutoConfigurations.of(PgqrsEndpointAutoConfiguration.class,
					PgqrsHealthContributorAutoConfiguration.class))
			.withBean(Emails.class)
			.withPropertyValues("spring.datasource.url=" + database.url(),
					"spring.datasource.hikari.connection-timeout=250", "pgqrs.wake-up.enabled=false",
					"management.endpoints.web.exposure.include=pgqrs")
			.run((context) -> {
				PgqrsEndpoint endpoint = context.getBean(PgqrsEndpoint.class);
				PgqrsEndpointWebExtension web = context.getBean(PgqrsEndpointWebExtension.class);
				PgqrsHealthIndicator health = context.getBean(PgqrsHealthIndicator.class);
				context.getBean(PgqrsAdmin.class).createQueue(QueueDefinition.named("reports"));
				assertThat(endpoint.overview().database().reachable()).isTrue();
				assertThat(health.health().getStatus()).isEqualTo(Status.UP);

				database.close();
				OverviewDescriptor overview = endpoint.overview();
				assertThat(overview.database().reachable()).isFalse();
				assertThat(overview.database().error()).isNotEmpty();
				assertThat(overview.queues()).isNull();
				assertThat(overview.listeners()).extracting(ListenerDescriptor::id).containsExactly("mailer");
				WebEndpointResponse<Object> queue = web.one(SecurityContext.NONE, "queues", "reports", null, null,
						null);
				assertThat(queue.getStatus()).isEqualTo(WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
				assertThat(queue.getBody()).isInstanceOfSatisfying(ErrorDescriptor.class,
						(error) -> assertThat(error.error()).startsWith("The database failed: "));
				assertThat(web.act("queues", "reports", "purge", null, null).getStatus())
					.isEqualTo(WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
				assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
			});
	}

	static class Emails {

		@PgqrsListener(queues = "emails", id = "mailer")
		void send(String email) {
		}

	}

}

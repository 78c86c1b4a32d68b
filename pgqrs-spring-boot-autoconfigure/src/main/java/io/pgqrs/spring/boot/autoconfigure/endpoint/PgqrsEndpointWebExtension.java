package io.pgqrs.spring.boot.autoconfigure.endpoint;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import io.pgqrs.PgqrsException;
import io.pgqrs.QueueNotFoundException;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.ErrorDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsEndpointWebExtension.PgqrsEndpointRuntimeHints;
import io.pgqrs.store.Availability;
import io.pgqrs.support.FailureReport;
import io.pgqrs.workflow.RunNotFoundException;
import io.pgqrs.workflow.WorkflowNotFoundException;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} that gives the {@link PgqrsEndpoint}
 * its paths, and errors their status and reason.
 *
 * @since 0.1
 */
@EndpointWebExtension(endpoint = PgqrsEndpoint.class)
@ImportRuntimeHints(PgqrsEndpointRuntimeHints.class)
public class PgqrsEndpointWebExtension {

	private final PgqrsEndpoint endpoint;

	private final Show showPayloads;

	private final Set<String> roles;

	private final List<SanitizingFunction> sanitizingFunctions;

	/**
	 * Makes an extension.
	 * @param endpoint does the work
	 * @param showPayloads when to show payloads
	 * @param roles whose users are authorized to see payloads; if empty, all
	 * authenticated users are
	 * @param sanitizingFunctions hide parts of payloads from everybody
	 */
	public PgqrsEndpointWebExtension(PgqrsEndpoint endpoint, Show showPayloads, Set<String> roles,
			List<SanitizingFunction> sanitizingFunctions) {
		this.endpoint = endpoint;
		this.showPayloads = showPayloads;
		this.roles = Set.copyOf(roles);
		this.sanitizingFunctions = List.copyOf(sanitizingFunctions);
	}

	/**
	 * A list.
	 * @param resource {@code queues}, {@code workers}, {@code listeners} or
	 * {@code workflows}
	 * @return the list
	 */
	@ReadOperation
	public WebEndpointResponse<Object> list(@Selector String resource) {
		return answer(() -> switch (resource) {
			case "queues" -> this.endpoint.queues().queues();
			case "workers" -> this.endpoint.queues().workers();
			case "listeners" -> this.endpoint.listeners().listeners();
			case "workflows" -> this.endpoint.workflows().workflows();
			default -> throw unknown(resource, "queues", "workers", "listeners", "workflows");
		});
	}

	/**
	 * One of its kind.
	 * @param security says who may see payloads
	 * @param resource {@code queues}, {@code messages}, {@code listeners},
	 * {@code workflows} or {@code runs}
	 * @param name or id
	 * @param status of a workflow: only runs of these statuses, or null for all
	 * @param limit of a workflow: how many runs, or null for the default
	 * @param behind of a workflow: what {@code next} said in the page before, or null
	 * @return all about it
	 */
	@ReadOperation
	public WebEndpointResponse<Object> one(SecurityContext security, @Selector String resource, @Selector String name,
			@Nullable String status, @Nullable String limit, @Nullable String behind) {
		PayloadView view = view(security);
		return answer(() -> switch (resource) {
			case "queues" -> this.endpoint.queues().queue(name);
			case "messages" -> this.endpoint.queues().message(RequestValues.id("message", name), view);
			case "listeners" -> this.endpoint.listeners().listener(name);
			case "workflows" -> this.endpoint.workflows().workflow(name, status, limit, behind, view);
			case "runs" -> this.endpoint.workflows().run(RequestValues.id("run", name), view);
			default -> throw unknown(resource, "queues", "messages", "listeners", "workflows", "runs");
		});
	}

	/**
	 * A part of one.
	 * @param security says who may see payloads
	 * @param resource {@code queues}
	 * @param name of the queue
	 * @param part {@code dead-letters}
	 * @param limit how many, or null for the default
	 * @param behind what {@code next} said in the page before, or null
	 * @return the part
	 */
	@ReadOperation
	public WebEndpointResponse<Object> part(SecurityContext security, @Selector String resource, @Selector String name,
			@Selector String part, @Nullable String limit, @Nullable String behind) {
		PayloadView view = view(security);
		return answer(() -> {
			if (!resource.equals("queues") || !part.equals("dead-letters")) {
				throw unknown(resource + "/" + name + "/" + part, "queues/{name}/dead-letters");
			}
			return this.endpoint.queues().deadLetters(name, limit, behind, view);
		});
	}

	/**
	 * Does something to one.
	 * @param resource {@code queues}, {@code messages}, {@code listeners} or {@code runs}
	 * @param name or id
	 * @param action what to do
	 * @param signal name of a signal to a run
	 * @param payload of the signal, JSON text
	 * @return what was done
	 */
	@WriteOperation
	public WebEndpointResponse<Object> act(@Selector String resource, @Selector String name, @Nullable String action,
			@Nullable String signal, @Nullable String payload) {
		return answer(() -> switch (resource) {
			case "queues" -> this.endpoint.queues().act(name, action);
			case "messages" -> this.endpoint.queues().act(RequestValues.id("message", name), action);
			case "listeners" -> this.endpoint.listeners().act(name, action);
			case "runs" -> "signal".equals(action)
					? this.endpoint.workflows().signal(RequestValues.id("run", name), signal, payload)
					: this.endpoint.workflows().act(RequestValues.id("run", name), action);
			default -> throw unknown(resource, "queues", "messages", "listeners", "runs");
		});
	}

	private PayloadView view(SecurityContext security) {
		return new PayloadView(this.sanitizingFunctions, this.showPayloads.isShown(security, this.roles));
	}

	private static ResourceNotFoundException unknown(String resource, String... known) {
		return new ResourceNotFoundException("There is no '" + resource + "' here. There are " + List.of(known));
	}

	private static WebEndpointResponse<Object> answer(Supplier<Object> call) {
		try {
			return new WebEndpointResponse<>(call.get());
		}
		catch (QueueNotFoundException | RunNotFoundException | WorkflowNotFoundException
				| ResourceNotFoundException ex) {
			return error(WebEndpointResponse.STATUS_NOT_FOUND, String.valueOf(ex.getMessage()));
		}
		catch (PgqrsException ex) {
			return error(WebEndpointResponse.STATUS_BAD_REQUEST, String.valueOf(ex.getMessage()));
		}
		catch (DataAccessException | TransactionException ex) {
			return error(
					Availability.isOutage(ex) ? WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE
							: WebEndpointResponse.STATUS_INTERNAL_SERVER_ERROR,
					"The database failed: " + FailureReport.rootMessage(ex));
		}
	}

	private static WebEndpointResponse<Object> error(int status, String reason) {
		return new WebEndpointResponse<>(new ErrorDescriptor(reason), status);
	}

	/** The operations return types that cannot be seen from their signatures. */
	static class PgqrsEndpointRuntimeHints implements RuntimeHintsRegistrar {

		private final BindingReflectionHintsRegistrar binding = new BindingReflectionHintsRegistrar();

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			this.binding.registerReflectionHints(hints.reflection(), PgqrsDescriptors.class.getDeclaredClasses());
		}

	}

}

package io.pgqrs.spring.boot.autoconfigure.endpoint;

import java.util.LinkedHashSet;
import java.util.Set;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Properties of the endpoint.
 *
 * @since 0.1
 */
@ConfigurationProperties("pgqrs.endpoint")
public class PgqrsEndpointProperties {

	/**
	 * When to show payloads, headers, inputs and outputs of messages and runs, and the
	 * stack traces of their errors.
	 */
	private Show showPayloads = Show.NEVER;

	/**
	 * Roles whose users are authorized to be shown payloads. When empty, all
	 * authenticated users are.
	 */
	private final Set<String> roles = new LinkedHashSet<>();

	public Show getShowPayloads() {
		return this.showPayloads;
	}

	public void setShowPayloads(Show showPayloads) {
		this.showPayloads = showPayloads;
	}

	public Set<String> getRoles() {
		return this.roles;
	}

}

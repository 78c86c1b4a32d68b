package io.pgqrs.spring.boot.autoconfigure;

import io.pgqrs.PgqrsTemplate;

/**
 * Changes the auto-configured {@link PgqrsTemplate}, after the properties were applied.
 * Beans of this type are called in their order.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface PgqrsTemplateCustomizer {

	/**
	 * Customizes the template.
	 * @param template the template to change
	 */
	void customize(PgqrsTemplate template);

}

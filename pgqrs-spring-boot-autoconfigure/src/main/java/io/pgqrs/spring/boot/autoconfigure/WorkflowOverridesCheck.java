package io.pgqrs.spring.boot.autoconfigure;

import java.util.Set;

import io.pgqrs.workflow.WorkflowRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Warns of settings of a workflow that the application does not implement: most likely
 * its name is misspelt.
 */
final class WorkflowOverridesCheck implements ApplicationListener<ContextRefreshedEvent> {

	private static final Log logger = LogFactory.getLog(WorkflowOverridesCheck.class);

	private final ApplicationContext context;

	private final Set<String> overrides;

	private final WorkflowRegistry workflows;

	WorkflowOverridesCheck(ApplicationContext context, Set<String> overrides, WorkflowRegistry workflows) {
		this.context = context;
		this.overrides = overrides;
		this.workflows = workflows;
	}

	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		// Not that of a child, which comes here too.
		if (event.getApplicationContext() == this.context) {
			this.overrides.stream().filter((name) -> this.workflows.find(name) == null).forEach(this::warn);
		}
	}

	private void warn(String name) {
		logger.warn("Nothing here implements workflow '" + name + "', so "
				+ PgqrsPropertiesMapper.entry("pgqrs.workflow.overrides", name) + " is of no use. Implemented are "
				+ this.workflows.names().stream().sorted().toList() + ". A name with other characters than "
				+ "lower-case letters, digits and dashes has to stand in brackets");
	}

}

package io.pgqrs.spring.boot.autoconfigure.endpoint;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.pgqrs.MessageInfo;
import io.pgqrs.PgqrsAdmin;
import io.pgqrs.PgqrsOperations;
import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;
import io.pgqrs.spring.boot.autoconfigure.endpoint.EndpointApplication.Email;
import io.pgqrs.workflow.RunStatus;
import io.pgqrs.workflow.WorkflowOperations;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The calls that {@code docs/actuator.md} shows are answered as it says. With
 * {@code -Dpgqrs.documentation.write=true} the answers are written into it.
 */
class ActuatorDocumentationTests {

	private static final Path DOCUMENT = Path.of("..", "docs", "actuator.md");

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	@TempDir
	private Path directory;

	@Test
	void eachCallIsAnsweredAsDocumented() throws IOException {
		String document = Files.readString(DOCUMENT);
		List<DocumentedCall> calls = DocumentedCall.in(document);
		List<JsonNode> answers = answers(calls);
		if (Boolean.getBoolean("pgqrs.documentation.write")) {
			Files.writeString(DOCUMENT, withAnswers(document, calls, answers));
			return;
		}
		assertThat(calls).hasSizeGreaterThan(15);
		for (int i = 0; i < calls.size(); i++) {
			JsonNode documented = JsonMapper.shared().readTree(calls.get(i).answer());
			assertThat(shape("", documented)).as(calls.get(i).path() + " " + calls.get(i).body())
				.isEqualTo(shape("", answers.get(i)));
		}
	}

	private List<JsonNode> answers(List<DocumentedCall> calls) {
		try (ConfigurableApplicationContext context = EndpointApplication
			.start(ApplicationDatabase.sqlite(this.directory), WebApplicationType.SERVLET)) {
			prepare(context);
			EndpointClient client = new EndpointClient(context);
			return calls.stream().map((call) -> call.send(client).body()).toList();
		}
	}

	/** Messages and runs are numbered in this order. */
	private static void prepare(ConfigurableApplicationContext context) {
		PgqrsOperations pgqrs = context.getBean(PgqrsOperations.class);
		PgqrsAdmin admin = context.getBean(PgqrsAdmin.class);
		WorkflowOperations workflows = context.getBean(WorkflowOperations.class);
		pgqrs.enqueue("emails", new Email("ann@example.com", "Thanks"));
		for (long dead = 2; dead <= 3; dead++) {
			long id = pgqrs.enqueue().message(new Email("", "Thanks")).to("emails").header("tenant", "acme").send();
			Awaitility.await()
				.atMost(PATIENCE)
				.until(() -> admin.message(id).map(MessageInfo::state).orElseThrow() == MessageInfo.State.DEAD);
		}
		pgqrs.enqueueAll("reports", List.of("monday", "tuesday"));
		await(workflows, workflows.start("data_pipeline", "three").id(), RunStatus.SUCCESS);
		await(workflows, workflows.start("file_import").key("import-42").send().id(), RunStatus.ERROR);
		await(workflows, workflows.start("approval", null).id(), RunStatus.PAUSED);
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> admin.workers().stream().anyMatch((worker) -> worker.queues().contains("emails")));
	}

	private static void await(WorkflowOperations workflows, long run, RunStatus status) {
		Awaitility.await().atMost(PATIENCE).until(() -> workflows.get(run).status() == status);
	}

	/**
	 * Names and types of all fields, but not their values, and not what is only there
	 * while a message waits for its consumer.
	 */
	private static Set<String> shape(String path, JsonNode node) {
		Set<String> fields = new TreeSet<>();
		if (node.isObject()) {
			node.properties().forEach((field) -> fields.addAll(shape(path + "/" + field.getKey(), field.getValue())));
		}
		else if (node.isArray()) {
			node.forEach((element) -> fields.addAll(shape(path + "/*", element)));
		}
		else if (!path.endsWith("/oldestReadyAge")) {
			fields.add(path + " " + node.getNodeType());
		}
		return fields;
	}

	private static String withAnswers(String document, List<DocumentedCall> calls, List<JsonNode> answers)
			throws IOException {
		String host = InetAddress.getLocalHost().getHostName();
		StringBuilder result = new StringBuilder(document);
		for (int i = calls.size() - 1; i >= 0; i--) {
			result.replace(calls.get(i).start(), calls.get(i).end(),
					write(answers.get(i), "").replace("\"" + host + "\"", "\"shop.example.com\"") + "\n");
		}
		return result.toString();
	}

	/** What fits on a line is written on one. */
	private static String write(JsonNode node, String indent) {
		String line = node.toString().replace("\":", "\": ").replace(",\"", ", \"").replace("},{", "}, {");
		if (indent.length() + line.length() <= 128 || node.isValueNode()) {
			return line;
		}
		List<String> elements = new ArrayList<>();
		String deeper = indent + "  ";
		if (node.isObject()) {
			node.properties()
				.forEach((field) -> elements
					.add(deeper + "\"" + field.getKey() + "\": " + write(field.getValue(), deeper)));
		}
		else {
			node.forEach((element) -> elements.add(deeper + write(element, deeper)));
		}
		String all = String.join(",\n", elements);
		return node.isObject() ? "{\n" + all + "\n" + indent + "}" : "[\n" + all + "\n" + indent + "]";
	}

}

package io.pgqrs.spring.boot.autoconfigure.documentation;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What is wrong in a document is found, and said where. */
class DocumentCheckTests {

	@TempDir
	private Path classes;

	@Test
	void javaThatDoesNotCompileIsFoundOnItsLine() throws Exception {
		assertThat(check("""
				# Title

				```java
				record Order(String id) {

					int cents() {
						return this.price;
					}

				}
				```
				""")).singleElement().asString().startsWith("doc.md:7: ").contains("cannot find symbol", "price");
	}

	@Test
	void javaThatIsNoJavaIsFoundOnItsLine() throws Exception {
		assertThat(check("""
				```java
				record Order(String id) {
				}

				record Item(String id {
				}
				```
				""")).first().asString().startsWith("doc.md:5: ");
	}

	@Test
	void warningsOfTheCompilerAreFound() throws Exception {
		assertThat(check("""
				```java
				class Orders {

					List all = List.of();

				}
				```
				""")).singleElement().asString().startsWith("doc.md:4: ").contains("raw type");
	}

	@Test
	void blocksSeeTheTypesOfBlocksBeforeThemOnly() throws Exception {
		assertThat(check("""
				```java
				class Early {

					Order order;

				}
				```
				```java
				public record Order(String id) {
				}
				```
				```java
				class Late {

					Order order;

				}
				```
				""")).singleElement().asString().startsWith("doc.md:4: ").contains("Order");
	}

	@Test
	void statementsAndMembersSeeWhatIsGiven() throws Exception {
		assertThat(check("""
				<!-- given:
				record Order(String id) {
				}
				-->

				<!-- given: PgqrsOperations pgqrs; -->
				<!-- given: abstract Order order(String id); -->

				```java
				import java.math.BigDecimal;

				BigDecimal price = BigDecimal.ONE;
				this.pgqrs.enqueue("orders", order(price.toString()));
				```

				- in a list:

				  ```java
				  @Scheduled(fixedDelay = 1000)
				  void enqueue() {
				  	this.pgqrs.enqueue("orders", order("1"));
				  	this.pgqrs.enqueue("orders", orders("2"));
				  }
				  ```
				""")).singleElement().asString().startsWith("doc.md:22: ").contains("orders");
	}

	@Test
	void whatIsGivenMustCompileToo() throws Exception {
		assertThat(check("""
				Text
				<!-- given:
				Missing missing;
				-->
				""")).singleElement().asString().startsWith("doc.md:3: ").contains("Missing");
	}

	@Test
	void propertiesThatDoNotExistAreFoundOnTheirLine() throws Exception {
		assertThat(check("""
				```yaml
				shop: open
				spring:
				  datasource:
				    url: jdbc:sqlite:app.db
				    hikari.maximum-pool-size: 10
				    passwort: x
				logging.level.io.pgqrs: debug
				pgqrs:
				  queues:
				    emails: { max-attempts: 3, backoff: { initial: 1s } }
				    "[order.created]":
				      max-atempts: 3
				  workflow.overrides.imports.concurrency: 2
				  lisener.concurrency: 2
				```
				""")).extracting(Problem::toString)
			.containsExactly("doc.md:7: There is no property 'spring.datasource.passwort'",
					"doc.md:13: There is no property 'pgqrs.queues[order.created].max-atempts'",
					"doc.md:15: There is no property 'pgqrs.lisener.concurrency'");
	}

	@Test
	void valuesThatPropertiesCannotHaveAreFoundOnTheirLine() throws Exception {
		assertThat(check("""
				```properties
				pgqrs.enabled=true
				pgqrs.listener.concurrency=${CONCURRENCY:4}
				pgqrs.queues.emails.visibility-timeout=soon
				```
				""")).extracting(Problem::toString)
			.containsExactly("doc.md:4: 'pgqrs.queues.emails.visibility-timeout' cannot be 'soon'");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '!', textBlock = """
			yaml       ! a: [1
			json       ! {"a": 1,}
			json       ! {} {}
			xml        ! <a><b></a>
			sql        ! SELECT * FROM pgqrs_mesages
			sh         ! ./mvnw -q -pl pgqrs-core,pgqrs-cor -am test
			text       ! ./mvnw -pl samples/quickstat package
			kotlin     ! val order = Order()
			""")
	void whatIsWrongInOtherLanguagesIsFound(String language, String line) throws Exception {
		assertThat(check("```" + language + "\n" + line + "\n```\n")).singleElement()
			.asString()
			.startsWith("doc.md:2: ");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '!', textBlock = """
			yaml       ! pgqrs.enabled: false
			json       ! {"a": 1}
			xml        ! <a/><b/>
			sql        ! SELECT id FROM pgqrs_messages
			sh         ! ./mvnw -q -pl pgqrs-core,samples/quickstart -am test
			''         ! one job per file
			""")
	void whatIsRightIsNot(String language, String line) throws Exception {
		assertThat(check("```" + language + "\n" + line + "\n```\n")).isEmpty();
	}

	@Test
	void aBlockWithoutAnEndIsFound() throws Exception {
		assertThat(check("""
				Text
				```
				code
				``
				""")).singleElement().asString().startsWith("doc.md:2: ");
	}

	@Test
	void tablesOfPropertiesNameWhatExistsWithItsDefault() throws Exception {
		assertThat(check("""
				| property | default | |
				|---|---|---|
				| `pgqrs.enabled` | `true` | right |
				| `pgqrs.worker.name` | application and pid | right: none |
				| `pgqrs.listener.concurrency` | `2` | wrong |
				| `pgqrs.queues.<name>.max-attempts` | five | wrong |
				| `pgqrs.queues.<name>.max-atempts` | `5` | wrong |
				""")).extracting(Problem::toString)
			.containsExactly("doc.md:5: The default of 'pgqrs.listener.concurrency' is `1`, not `2`",
					"doc.md:6: The default of 'pgqrs.queues.<name>.max-attempts' is `5`, not five",
					"doc.md:7: There is no property 'pgqrs.queues.<name>.max-atempts'");
	}

	private List<Problem> check(String text) throws Exception {
		return new DocumentCheck(Repository.root(), this.classes)
			.check(MarkdownDocument.parse("doc.md", text.lines().toList()));
	}

}

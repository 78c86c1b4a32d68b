package io.pgqrs.spring.boot.autoconfigure.documentation;

import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.SimpleJavaFileObject;

/**
 * A block of Java with all that a source file needs, each line where the block has it.
 */
final class JavaSource extends SimpleJavaFileObject {

	// Wanted more often than it is interesting. Everything else is imported by the block.
	private static final String IMPORTS = Stream
		.of("java.io.*", "java.nio.file.*", "java.time.*", "java.util.*", "java.util.concurrent.*",
				"java.util.function.*", "java.util.stream.*", "javax.sql.*", "io.pgqrs.*", "io.pgqrs.annotation.*",
				"io.pgqrs.listener.*", "io.pgqrs.workflow.*", "io.pgqrs.spring.boot.autoconfigure.*",
				"org.jspecify.annotations.*", "org.springframework.beans.factory.annotation.*",
				"org.springframework.boot.*", "org.springframework.boot.autoconfigure.*",
				"org.springframework.context.annotation.*", "org.springframework.context.event.*",
				"org.springframework.core.ParameterizedTypeReference", "org.springframework.jdbc.core.simple.*",
				"org.springframework.messaging.handler.annotation.*", "org.springframework.scheduling.annotation.*",
				"org.springframework.stereotype.*", "org.springframework.transaction.annotation.*",
				"org.junit.jupiter.api.Test", "org.junit.jupiter.api.io.TempDir",
				"org.springframework.boot.test.context.*", "org.springframework.test.context.*",
				"org.springframework.test.context.bean.override.mockito.*", "static org.assertj.core.api.Assertions.*",
				"static org.mockito.ArgumentMatchers.*", "static org.mockito.BDDMockito.*")
		.map((name) -> "import " + name + "; ")
		.collect(Collectors.joining());

	private static final Pattern IMPORT = Pattern.compile("^import [^;]+;", Pattern.MULTILINE);

	private final String name;

	private final Form form;

	private final String header;

	private final String body;

	private JavaSource(String name, Form form, String header, String body) {
		super(URI.create("string:///documented/" + name + ".java"), Kind.SOURCE);
		this.name = name;
		this.form = form;
		this.header = header;
		this.body = body;
	}

	static JavaSource of(CodeBlock block, Form form, String parent) {
		String name = (block.given() ? "Given" : "Block") + block.line();
		Matcher imports = IMPORT.matcher(block.text());
		String own = imports.results().map((result) -> result.group() + " ").collect(Collectors.joining());
		String header = "package documented; " + IMPORTS + own + form.start.formatted(name, parent);
		return new JavaSource(name, form, header, imports.replaceAll("") + "\n" + form.end);
	}

	/** The same source in the file that a public type needs. */
	JavaSource named(String publicType) {
		return new JavaSource(publicType, this.form, this.header, this.body);
	}

	/** The simple name of the class. */
	String name() {
		return this.name;
	}

	Form form() {
		return this.form;
	}

	/** How many characters come before the block. */
	int header() {
		return this.header.length();
	}

	@Override
	public CharSequence getCharContent(boolean ignoreEncodingErrors) {
		return this.header + this.body;
	}

	/** What a block consists of. */
	enum Form {

		TYPES("", ""),

		STATEMENTS("abstract class %s extends %s { void block() throws Exception { ", "} }"),

		MEMBERS("abstract class %s extends %s { ", "}");

		private final String start;

		private final String end;

		Form(String start, String end) {
			this.start = start;
			this.end = end;
		}

		/** The forms that a block can have. What is given is more than local. */
		static List<Form> of(CodeBlock block) {
			return block.given() ? List.of(TYPES, MEMBERS) : List.of(values());
		}

	}

}

package io.pgqrs.spring.boot.autoconfigure.documentation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

import javax.lang.model.element.Modifier;
import javax.tools.Diagnostic;
import javax.tools.Diagnostic.Kind;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import org.jspecify.annotations.Nullable;

/**
 * Java compiles without warnings. A block is types, statements, or members of a class. It
 * sees the types of the blocks before it in the same document, and, unless it is types,
 * the members that were given there.
 */
final class JavaCheck implements BlockCheck {

	// Those of the build. Its warnings about class files and jars are nobody's fault
	// here.
	private static final List<String> OPTIONS = List.of("--release", "17", "-parameters", "-proc:none", "-Xlint:all",
			"-Xlint:-processing", "-Xlint:-try", "-Xlint:-auxiliaryclass", "-Xlint:-path", "-Xlint:-classfile");

	private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

	private final Path classes;

	private String given = "Object";

	/**
	 * Creates a check for one document.
	 * @param classes an empty directory for the classes of the document
	 */
	JavaCheck(Path classes) {
		this.classes = classes;
	}

	@Override
	public List<Problem> check(CodeBlock block) throws IOException {
		try (StandardJavaFileManager files = this.compiler.getStandardFileManager(null, null, null)) {
			files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(this.classes));
			files.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath());
			JavaSource source = source(files, block);
			DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
			task(files, diagnostics, source).call();
			if (block.given() && source.form() == JavaSource.Form.MEMBERS) {
				this.given = source.name();
			}
			return diagnostics.getDiagnostics()
				.stream()
				.filter(JavaCheck::counts)
				.map((diagnostic) -> problem(block, diagnostic))
				.toList();
		}
	}

	private List<Path> classPath() {
		Stream<Path> libraries = Stream
			.of(System.getProperty("java.class.path").split(System.getProperty("path.separator")))
			.map(Path::of);
		return Stream.concat(Stream.of(this.classes), libraries).toList();
	}

	/**
	 * The first form that can be parsed; if none can, the one that goes well for longest.
	 */
	private JavaSource source(StandardJavaFileManager files, CodeBlock block) throws IOException {
		JavaSource best = null;
		long errorOfBest = -1;
		for (JavaSource.Form form : JavaSource.Form.of(block)) {
			JavaSource source = JavaSource.of(block, form, this.given);
			DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
			for (CompilationUnitTree unit : task(files, diagnostics, source).parse()) {
				String publicType = publicType(unit);
				source = (publicType != null) ? source.named(publicType) : source;
			}
			long header = source.header();
			long error = diagnostics.getDiagnostics()
				.stream()
				.filter((diagnostic) -> diagnostic.getKind() == Kind.ERROR)
				.mapToLong((diagnostic) -> diagnostic.getPosition() - header)
				.min()
				.orElse(Long.MAX_VALUE);
			if (error > errorOfBest) {
				best = source;
				errorOfBest = error;
			}
		}
		return Objects.requireNonNull(best);
	}

	private static @Nullable String publicType(CompilationUnitTree unit) {
		return unit.getTypeDecls()
			.stream()
			.filter(ClassTree.class::isInstance)
			.map(ClassTree.class::cast)
			.filter((type) -> type.getModifiers().getFlags().contains(Modifier.PUBLIC))
			.map((type) -> type.getSimpleName().toString())
			.findFirst()
			.orElse(null);
	}

	private JavacTask task(StandardJavaFileManager files, DiagnosticCollector<JavaFileObject> diagnostics,
			JavaSource source) {
		return (JavacTask) this.compiler.getTask(null, files, diagnostics, OPTIONS, null, List.of(source));
	}

	private static boolean counts(Diagnostic<?> diagnostic) {
		return diagnostic.getKind() == Kind.ERROR
				|| (diagnostic.getSource() != null && diagnostic.getKind() != Kind.NOTE);
	}

	private static Problem problem(CodeBlock block, Diagnostic<?> diagnostic) {
		return block.problem(diagnostic.getLineNumber(), diagnostic.getMessage(Locale.ENGLISH));
	}

}

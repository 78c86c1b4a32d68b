package io.pgqrs.annotation;

import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.pgqrs.PayloadConversionException;
import io.pgqrs.QueueCatalog;
import io.pgqrs.listener.PgqrsListenerContainerFactory;
import io.pgqrs.listener.PgqrsListenerEndpoint;
import io.pgqrs.listener.PgqrsListenerEndpointRegistry;
import io.pgqrs.workflow.DuplicateWorkflowException;
import io.pgqrs.workflow.RecordingWorkflowContext;
import io.pgqrs.workflow.WorkflowContainers;
import io.pgqrs.workflow.WorkflowContext;
import io.pgqrs.workflow.WorkflowDefinition;
import io.pgqrs.workflow.WorkflowEngine;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.MockMakers;
import org.mockito.Mockito;

import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.StaticMessageSource;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Which workflows are registered, as what, and what they are called through. */
class PgqrsWorkflowRegistrationTests {

	private final RecordingWorkflowContext run = new RecordingWorkflowContext();

	@Test
	void aWorkflowHasAContainerThatStartsAndStopsWithTheContext() throws Exception {
		var context = WorkflowContexts.with(Importing.class);
		var container = WorkflowContexts.factory(context).containers().get(0);
		assertThat(container.getListenerId()).isEqualTo("workflow:import");
		assertThat(container.isRunning()).isTrue();
		assertThat(run(context, "import", "x")).isEqualTo("imported x in run 7");
		context.close();
		assertThat(container.isRunning()).isFalse();
	}

	@Test
	void itIsDescribedByItsMethodAndBean() {
		try (var context = WorkflowContexts.with(Map.of(), (each) -> each.registerBean("importing", Importing.class))) {
			assertThat(WorkflowContexts.workflow(context, "import"))
				.hasToString(Importing.class.getName() + ".run(WorkflowContext, String) of bean 'importing'");
		}
	}

	@Test
	void itsNameIsThatOfTheMethodOrResolved() {
		try (var context = WorkflowContexts.with(Map.of("tenant", "acme"), (each) -> each.register(Names.class))) {
			assertThat(WorkflowContexts.registry(context).names()).containsExactlyInAnyOrder("unnamed", "acme-import",
					"IMPORT");
		}
	}

	@ParameterizedTest
	@CsvSource({ "both,7 x", "swapped,7 x", "context,7", "input,x", "nothing,nothing" })
	void itTakesTheContextAndTheInputInAnyOrder(String name, String result) throws Exception {
		try (var context = WorkflowContexts.with(Parameters.class)) {
			assertThat(run(context, name, "x")).isEqualTo(result);
			assertThat(RecordingWorkflowContext.inputType(WorkflowContexts.workflow(context, name)))
				.isEqualTo(result.contains("x") ? String.class : Void.class);
		}
	}

	@ParameterizedTest
	@MethodSource("types")
	void itsTypesAreThoseThatItsClassSees(String name, Type inputType, Type resultType) {
		try (var context = WorkflowContexts.with(Types.class)) {
			WorkflowDefinition definition = WorkflowContexts.workflow(context, name);
			assertThat(RecordingWorkflowContext.inputType(definition)).isEqualTo(inputType);
			assertThat(RecordingWorkflowContext.resultType(definition)).isEqualTo(resultType);
		}
	}

	static Stream<Arguments> types() {
		Type orders = new ParameterizedTypeReference<List<Order>>() {
		}.getType();
		Type nested = new ParameterizedTypeReference<Map<String, List<Order>>>() {
		}.getType();
		return Stream.of(Arguments.of("generic", Order.class, orders),
				Arguments.of("arrays", Order[].class, Order[].class), Arguments.of("nested", nested, nested),
				Arguments.of("primitive", int.class, Long.class), Arguments.of("unbound", Object.class, Number.class),
				Arguments.of("silent", Order.class, Void.class));
	}

	@Test
	void whatItAsksForIsPassedOn() {
		try (var context = WorkflowContexts.with(Map.of("threads", "3", "start", "false"),
				(each) -> each.register(Options.class))) {
			PgqrsListenerEndpoint endpoint = WorkflowContexts.factory(context).endpoint("workflow:options");
			assertThat(endpoint.concurrency()).isEqualTo(3);
			assertThat(endpoint.visibilityTimeout()).isEqualTo(Duration.ofSeconds(45));
			assertThat(endpoint.autoStartup()).isFalse();
			PgqrsListenerEndpoint inheriting = WorkflowContexts.factory(context).endpoint("workflow:inheriting");
			assertThat(inheriting.concurrency()).isNull();
			assertThat(inheriting.visibilityTimeout()).isNull();
			assertThat(inheriting.autoStartup()).isNull();
		}
	}

	@Test
	void anAnnotationCanBePutOnAnotherOne() throws Exception {
		try (var context = WorkflowContexts.with(Meta.class)) {
			assertThat(run(context, "meta", null)).isEqualTo("meta");
		}
	}

	@Test
	void aMethodInheritsTheAnnotationOfAnInterfaceOrSuperclassAndReplacesIt() throws Exception {
		try (var context = WorkflowContexts.with(OfInterface.class, OfSuperclass.class, Replacing.class)) {
			assertThat(WorkflowContexts.registry(context).names()).containsExactlyInAnyOrder("of-interface",
					"of-superclass", "replaced");
			assertThat(run(context, "of-interface", "x")).isEqualTo("interface x");
			assertThat(run(context, "of-superclass", "x")).isEqualTo("superclass x");
		}
	}

	@Test
	void theTargetOfACglibProxyIsScannedAndTheProxyIsCalled() throws Exception {
		var calls = new ArrayList<String>();
		try (var context = proxied(true, calls, WithField.class)) {
			assertThat(AopUtils.isCglibProxy(context.getBean("workflow"))).isTrue();
			run(context, "with-field", "x");
			assertThat(calls).containsExactly("advice", "workflow x");
		}
	}

	@Test
	void aJdkProxyIsCalledThroughItsInterfaceWithTheAnnotationOfTheClass() throws Exception {
		var calls = new ArrayList<String>();
		try (var context = proxied(false, calls, WithInterface.class)) {
			assertThat(AopUtils.isJdkDynamicProxy(context.getBean("workflow"))).isTrue();
			run(context, "with-interface", new Order(3));
			assertThat(calls).containsExactly("advice", "workflow 3");
		}
	}

	@Test
	void aProxyThatWasMadeEarlyForACycleIsCalled() throws Exception {
		var calls = new ArrayList<String>();
		try (var context = proxied(true, calls, InACycle.class, TheOther.class)) {
			run(context, "in-a-cycle", "x");
			assertThat(calls).containsExactly("advice", "workflow x");
		}
	}

	@Test
	void aBeanThatIsCreatedLaterIsRegisteredAndStartedAtOnce() {
		try (var context = WorkflowContexts.with(Map.of(),
				(each) -> each.registerBean(Importing.class, (definition) -> definition.setLazyInit(true)))) {
			assertThat(WorkflowContexts.factory(context).containers()).isEmpty();
			context.getBean(Importing.class);
			assertThat(WorkflowContexts.factory(context).containers()).singleElement()
				.satisfies((container) -> assertThat(container.isRunning()).isTrue());
		}
	}

	@Test
	void aScopedBeanIsRegisteredWhenItIsCreated() {
		try (var context = WorkflowContexts.with(Scoped.class)) {
			assertThat(WorkflowContexts.registry(context).names()).isEmpty();
			assertThat(context.getBean(Scoped.class)).hasToString("created");
			assertThat(WorkflowContexts.registry(context).names()).containsExactly("scoped");
		}
	}

	@Test
	void aMockIsNoWorkflow() {
		Importing mock = Mockito.mock(Importing.class, Mockito.withSettings().mockMaker(MockMakers.SUBCLASS));
		try (var context = WorkflowContexts.with(Map.of(), (each) -> each.registerBean(Importing.class, () -> mock))) {
			assertThat(WorkflowContexts.registry(context).names()).isEmpty();
		}
	}

	@Test
	void whatItThrowsArrivesAsItWasThrown() {
		try (var context = WorkflowContexts.with(Failing.class)) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> run(context, "checked", null))
				.withMessage("no disk");
			assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> run(context, "error", null))
				.withMessage("to leave");
		}
		try (var context = proxied(true, new ArrayList<>(), Sneaky.class)) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> run(context, "sneaky", null))
				.withMessage("sneaked");
		}
	}

	@Test
	void aValueThatCannotBeNullNeedsAnInput() {
		try (var context = WorkflowContexts.with(Types.class)) {
			assertThatExceptionOfType(PayloadConversionException.class)
				.isThrownBy(() -> run(context, "primitive", null))
				.withMessageContaining("Run 7 has no input")
				.withMessageContaining(Types.class.getName() + ".primitive(int) of bean '")
				.withMessageContaining("a value of type int");
		}
	}

	@ParameterizedTest
	@CsvSource({ "TwoInputs,more than a WorkflowContext and one input", "TwoContexts,more than a WorkflowContext",
			"ThreeParameters,more than a WorkflowContext", "PrivateMethod,it is private", "StaticMethod,it is static" })
	void aMethodThatCannotBeCalledIsRefused(String name, String reason) throws Exception {
		Class<?> type = Class.forName(getClass().getName() + "$" + name);
		assertThatExceptionOfType(InvalidWorkflowException.class).isThrownBy(() -> WorkflowContexts.with(type))
			.withMessageStartingWith("Workflow " + type.getName() + ".run(")
			.withMessageContaining("of bean '")
			.withMessageContaining(reason);
	}

	@ParameterizedTest
	@ValueSource(classes = { TransactionalMethod.class, TransactionalClass.class })
	void aTransactionalWorkflowIsRefused(Class<?> type) {
		assertThatExceptionOfType(InvalidWorkflowException.class).isThrownBy(() -> WorkflowContexts.with(type))
			.withMessageContaining(type.getSimpleName())
			.withMessageContaining("it is @Transactional");
	}

	@ParameterizedTest
	@ValueSource(classes = { ReturnsFuture.class, ReturnsPublisher.class, ReturnsStream.class, ReturnsIterator.class,
			ReturnsInputStream.class, ReturnsGenericFuture.class })
	void aResultThatCannotBeRecordedIsRefused(Class<?> type) {
		assertThatExceptionOfType(InvalidWorkflowException.class).isThrownBy(() -> WorkflowContexts.with(type))
			.withMessageContaining(type.getName() + ".run()")
			.withMessageContaining("it returns java.")
			.withMessageContaining("cannot be recorded");
	}

	@Test
	void methodsThatAProxyCannotPassOnAreRefused() {
		assertThatExceptionOfType(InvalidWorkflowException.class)
			.isThrownBy(() -> proxied(true, new ArrayList<>(), FinalMethod.class))
			.withMessageContaining(FinalMethod.class.getName() + ".run() of bean 'workflow'")
			.withMessageContaining("it is final");
		assertThatExceptionOfType(InvalidWorkflowException.class)
			.isThrownBy(() -> proxied(false, new ArrayList<>(), BesideInterface.class))
			.withMessageContaining(BesideInterface.class.getName() + ".beside() of bean 'workflow'")
			.withMessageContaining("no interface of its bean has it");
	}

	@ParameterizedTest
	@CsvSource({ "c,concurrency,three,whole number", "v,visibilityTimeout,soon,duration",
			"u,autoStartup,yes,true or false" })
	void aWrongValueIsReportedWithItsAttributeAndMethod(String property, String attribute, String value,
			String expected) {
		assertThatExceptionOfType(InvalidWorkflowException.class)
			.isThrownBy(() -> WorkflowContexts.with(Map.of(property, value), (each) -> each.register(OneOfEach.class)))
			.withMessageStartingWith("'" + attribute + "' of the @PgqrsWorkflow on ")
			.withMessageContaining(OneOfEach.class.getName() + ".run() of bean '")
			.withMessageContaining("is '${" + property + ":}', which resolves to '" + value + "'")
			.withMessageContaining(expected);
	}

	@ParameterizedTest
	@CsvSource({ "c,0,must be at least 1", "n,#{'n'.repeat(181)},must not be longer than 180 characters" })
	void aValueThatIsOutOfRangeIsReportedWithItsMethod(String property, String value, String expected) {
		assertThatExceptionOfType(InvalidWorkflowException.class)
			.isThrownBy(() -> WorkflowContexts.with(Map.of(property, value), (each) -> each.register(OneOfEach.class)))
			.withMessageContaining("The @PgqrsWorkflow on " + OneOfEach.class.getName() + ".run() of bean '")
			.withMessageContaining(expected);
	}

	@Test
	void aNameCannotBeGivenTwice() {
		assertThatExceptionOfType(DuplicateWorkflowException.class)
			.isThrownBy(() -> WorkflowContexts.with(Map.of(), (context) -> {
				context.registerBean("one", Importing.class);
				context.registerBean("two", SameName.class);
			}))
			.withMessageContaining("'import'")
			.withMessageContaining(Importing.class.getName() + ".run(WorkflowContext, String) of bean 'one'")
			.withMessageContaining(SameName.class.getName() + ".other() of bean 'two'");
	}

	@Test
	void withoutContainersItSaysWhatToDefine() {
		assertThatExceptionOfType(InvalidWorkflowException.class)
			.isThrownBy(() -> ListenerContexts.with(Map.of(), (context) -> context.register(Importing.class)))
			.withMessageContaining(Importing.class.getName() + ".run(WorkflowContext, String)")
			.withMessageContaining("Define a WorkflowContainers bean");
	}

	@Test
	void withTwoContainersItSaysSo() {
		assertThatExceptionOfType(InvalidWorkflowException.class)
			.isThrownBy(() -> WorkflowContexts.with(MoreContainers.class, Importing.class))
			.withMessageContaining(Importing.class.getName() + ".run(WorkflowContext, String)")
			.withMessageContaining("[workflowContainers, more]");
	}

	@Test
	void aContextWithoutWorkflowsNeedsNoContainers() {
		ListenerContexts.with(Map.of(), (context) -> context.registerBean("text", String.class, () -> "x")).close();
	}

	@Test
	void itsBeansAreInfrastructure() {
		try (var context = WorkflowContexts.with(Importing.class)) {
			for (String name : List.of(PgqrsWorkflowConfigUtils.WORKFLOW_ANNOTATION_PROCESSOR_BEAN_NAME,
					PgqrsWorkflowConfigUtils.STEP_ANNOTATION_PROCESSOR_BEAN_NAME)) {
				assertThat(context.getBeanDefinition(name).getRole()).isEqualTo(BeanDefinition.ROLE_INFRASTRUCTURE);
			}
		}
	}

	@Test
	void itsBeansHaveNoOtherBeanCreatedBeforeAllPostProcessorsExist() {
		List<String> early = new ArrayList<>();
		try (var context = WorkflowContexts.with(Map.of(), (each) -> {
			each.registerBean("importing", Importing.class);
			// Created right after the post-processors.
			each.registerBean(AbstractApplicationContext.MESSAGE_SOURCE_BEAN_NAME, StaticMessageSource.class, () -> {
				early.addAll(List.of(each.getBeanFactory().getSingletonNames()));
				return new StaticMessageSource();
			});
		})) {
			assertThat(early).contains(PgqrsWorkflowConfigUtils.WORKFLOW_ANNOTATION_PROCESSOR_BEAN_NAME,
					PgqrsWorkflowConfigUtils.STEP_ANNOTATION_PROCESSOR_BEAN_NAME);
			assertThat(context.getBeanFactory().getSingletonNames()).contains("importing", "workflowContainers",
					"workflowEngine", PgqrsListenerConfigUtils.LISTENER_ENDPOINT_REGISTRY_BEAN_NAME);
			assertThat(early).doesNotContain("importing", "workflowContainers", "workflowEngine",
					PgqrsListenerConfigUtils.LISTENER_ENDPOINT_REGISTRY_BEAN_NAME);
		}
	}

	@Test
	void whatTheApplicationDefinesItselfIsNotReplaced() {
		try (var context = new AnnotationConfigApplicationContext()) {
			context.setAllowBeanDefinitionOverriding(false);
			context.register(ListenerContexts.Pgqrs.class, OwnProcessors.class);
			context.refresh();
			assertThat(context.getBeansOfType(PgqrsWorkflowAnnotationBeanPostProcessor.class).values())
				.containsExactly(OwnProcessors.WORKFLOWS);
			assertThat(context.getBeansOfType(PgqrsStepBeanPostProcessor.class).values())
				.containsExactly(OwnProcessors.STEPS);
		}
	}

	@Test
	void workflowsAndTheirInputsCanBeReflectedOnInANativeImage() {
		RuntimeHints hints = new RuntimeHints();
		new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(hints, Types.class, Meta.class);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Meta.class, "run")).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Order.class, "number")).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(WorkflowContext.class)).rejects(hints);
	}

	private @Nullable Object run(AnnotationConfigApplicationContext context, String workflow, @Nullable Object input)
			throws Exception {
		return this.run.run(WorkflowContexts.workflow(context, workflow), input);
	}

	/** The first class is that of the bean 'workflow', which has a proxy. */
	private static AnnotationConfigApplicationContext proxied(boolean cglib, List<String> calls, Class<?> workflow,
			Class<?>... others) {
		return WorkflowContexts.with(Map.of(), (context) -> {
			context.registerBean("calls", Calls.class, () -> new Calls(calls::add));
			context.registerBean("advice", MethodInterceptor.class, () -> (invocation) -> {
				calls.add("advice");
				return invocation.proceed();
			});
			context.registerBean("proxies", BeanNameAutoProxyCreator.class, () -> {
				BeanNameAutoProxyCreator proxies = new BeanNameAutoProxyCreator();
				proxies.setBeanNames("workflow");
				proxies.setInterceptorNames("advice");
				proxies.setProxyTargetClass(cglib);
				return proxies;
			});
			context.registerBean("workflow", workflow);
			List.of(others).forEach(context::register);
		});
	}

	record Calls(Consumer<String> record) {
	}

	record Order(int number) {
	}

	static class Importing {

		@PgqrsWorkflow("import")
		String run(WorkflowContext context, String file) {
			return "imported " + file + " in run " + context.runId();
		}

	}

	static class SameName {

		@PgqrsWorkflow("import")
		void other() {
		}

	}

	static class Names {

		@PgqrsWorkflow
		void unnamed() {
		}

		@PgqrsWorkflow("${tenant}-import")
		void placeholder() {
		}

		@PgqrsWorkflow(name = "#{'import'.toUpperCase()}")
		void expression() {
		}

	}

	static class Parameters {

		@PgqrsWorkflow
		String both(WorkflowContext context, String input) {
			return context.runId() + " " + input;
		}

		@PgqrsWorkflow
		String swapped(String input, WorkflowContext context) {
			return context.runId() + " " + input;
		}

		@PgqrsWorkflow
		String context(WorkflowContext context) {
			return String.valueOf(context.runId());
		}

		@PgqrsWorkflow
		String input(String input) {
			return input;
		}

		@PgqrsWorkflow
		String nothing() {
			return "nothing";
		}

	}

	static class Generic<I, O> {

		@PgqrsWorkflow
		public List<O> generic(WorkflowContext context, I input) {
			return List.of();
		}

		@PgqrsWorkflow
		O[] arrays(I[] input) {
			throw new UnsupportedOperationException();
		}

		@PgqrsWorkflow
		Map<String, List<O>> nested(Map<String, List<I>> input) {
			throw new UnsupportedOperationException();
		}

		@PgqrsWorkflow
		<A, B extends Number> B unbound(A input) {
			throw new UnsupportedOperationException();
		}

	}

	/** A public class for which the compiler makes bridges of what it inherits. */
	public static class Types extends Generic<Order, Order> {

		@PgqrsWorkflow
		long primitive(int input) {
			return input;
		}

		@PgqrsWorkflow
		void silent(Order input) {
		}

	}

	static class Options {

		@PgqrsWorkflow(concurrency = "${threads}", visibilityTimeout = "45s", autoStartup = "${start}")
		void options() {
		}

		@PgqrsWorkflow(concurrency = "${nowhere:}")
		void inheriting() {
		}

	}

	static class OneOfEach {

		@PgqrsWorkflow(name = "${n:}", concurrency = "${c:}", visibilityTimeout = "${v:}", autoStartup = "${u:}")
		void run() {
		}

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@PgqrsWorkflow("meta")
	@interface Nightly {

	}

	static class Meta {

		@Nightly
		Object run() {
			return "meta";
		}

	}

	interface Runs<T> {

		@PgqrsWorkflow("of-interface")
		String run(T input);

	}

	static class OfInterface implements Runs<String> {

		@Override
		public String run(String input) {
			return "interface " + input;
		}

	}

	static class Replacing implements Runs<String> {

		@Override
		@PgqrsWorkflow("replaced")
		public String run(String input) {
			return input;
		}

	}

	abstract static class Superclass {

		@PgqrsWorkflow("of-superclass")
		abstract String run(String input);

	}

	static class OfSuperclass extends Superclass {

		@Override
		String run(String input) {
			return "superclass " + input;
		}

	}

	/** With a field that only the target has. */
	static class WithField {

		private final @Nullable Calls calls;

		WithField(@Nullable Calls calls) {
			this.calls = calls;
		}

		@PgqrsWorkflow("with-field")
		void run(String input) {
			this.calls.record().accept("workflow " + input);
		}

	}

	interface Orders<T> {

		void handle(T order);

	}

	static class WithInterface implements Orders<Order> {

		private final Calls calls;

		WithInterface(Calls calls) {
			this.calls = calls;
		}

		@Override
		@PgqrsWorkflow("with-interface")
		public void handle(Order order) {
			this.calls.record().accept("workflow " + order.number());
		}

	}

	static class BesideInterface implements Runnable {

		@Override
		public void run() {
		}

		@PgqrsWorkflow
		void beside() {
		}

	}

	static class InACycle {

		@Autowired
		private Calls calls;

		@Autowired
		private TheOther other;

		@PgqrsWorkflow("in-a-cycle")
		void run(String input) {
			this.calls.record().accept("workflow " + input);
		}

	}

	static class TheOther {

		@Autowired
		private InACycle workflow;

	}

	@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
	static class Scoped {

		@PgqrsWorkflow("scoped")
		void run() {
		}

		@Override
		public String toString() {
			return "created";
		}

	}

	static class Failing {

		@PgqrsWorkflow
		void checked() throws IOException {
			throw new IOException("no disk");
		}

		@PgqrsWorkflow
		void error() {
			throw new StackOverflowError("to leave");
		}

	}

	static class Sneaky {

		@PgqrsWorkflow
		void sneaky() {
			sneak(new IOException("sneaked"));
		}

		@SuppressWarnings("unchecked")
		private static <E extends Throwable> void sneak(Throwable exception) throws E {
			throw (E) exception;
		}

	}

	static class TwoInputs {

		@PgqrsWorkflow
		void run(String one, String two) {
		}

	}

	static class TwoContexts {

		@PgqrsWorkflow
		void run(WorkflowContext one, WorkflowContext two) {
		}

	}

	static class ThreeParameters {

		@PgqrsWorkflow
		void run(WorkflowContext context, String one, String two) {
		}

	}

	static class PrivateMethod {

		@PgqrsWorkflow
		private void run() {
		}

	}

	static class StaticMethod {

		@PgqrsWorkflow
		static void run() {
		}

	}

	static class FinalMethod {

		@PgqrsWorkflow
		final void run() {
		}

	}

	static class TransactionalMethod {

		@PgqrsWorkflow
		@Transactional
		String run() {
			return "";
		}

	}

	@Transactional
	static class TransactionalClass {

		@PgqrsWorkflow
		String run() {
			return "";
		}

	}

	static class ReturnsFuture {

		@PgqrsWorkflow
		CompletableFuture<String> run() {
			throw new UnsupportedOperationException();
		}

	}

	static class ReturnsPublisher {

		@PgqrsWorkflow
		Flow.Publisher<String> run() {
			throw new UnsupportedOperationException();
		}

	}

	static class ReturnsStream {

		@PgqrsWorkflow
		Stream<String> run() {
			throw new UnsupportedOperationException();
		}

	}

	static class ReturnsIterator {

		@PgqrsWorkflow
		Iterator<String> run() {
			throw new UnsupportedOperationException();
		}

	}

	static class ReturnsInputStream {

		@PgqrsWorkflow
		InputStream run() {
			throw new UnsupportedOperationException();
		}

	}

	static class Returning<T> {

		@PgqrsWorkflow
		T run() {
			throw new UnsupportedOperationException();
		}

	}

	static class ReturnsGenericFuture extends Returning<CompletableFuture<String>> {

	}

	@Configuration(proxyBeanMethods = false)
	static class MoreContainers {

		@Bean
		WorkflowContainers more(WorkflowEngine engine, QueueCatalog catalog, PgqrsListenerEndpointRegistry endpoints,
				PgqrsListenerContainerFactory factory) {
			return new WorkflowContainers(engine, catalog, endpoints, factory, Map.of());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnProcessors {

		static final PgqrsWorkflowAnnotationBeanPostProcessor WORKFLOWS = new PgqrsWorkflowAnnotationBeanPostProcessor();

		static final PgqrsStepBeanPostProcessor STEPS = new PgqrsStepBeanPostProcessor();

		@Bean(PgqrsWorkflowConfigUtils.WORKFLOW_ANNOTATION_PROCESSOR_BEAN_NAME)
		static PgqrsWorkflowAnnotationBeanPostProcessor workflows() {
			return WORKFLOWS;
		}

		@Bean(PgqrsWorkflowConfigUtils.STEP_ANNOTATION_PROCESSOR_BEAN_NAME)
		static PgqrsStepBeanPostProcessor steps() {
			return STEPS;
		}

	}

}

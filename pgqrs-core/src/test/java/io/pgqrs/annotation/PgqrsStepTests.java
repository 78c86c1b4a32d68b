package io.pgqrs.annotation;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.pgqrs.annotation.elsewhere.PackagePrivateStep;
import io.pgqrs.workflow.RecordingWorkflowContext;
import io.pgqrs.workflow.RecordingWorkflowContext.Step;
import io.pgqrs.workflow.StepOptions;
import io.pgqrs.workflow.WorkflowContext;
import org.aopalliance.intercept.MethodInterceptor;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.MockMakers;
import org.mockito.Mockito;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.ProxyType;
import org.springframework.context.annotation.Proxyable;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.SimpleTransactionStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What calls of step methods become, and which step methods are refused. */
class PgqrsStepTests {

	private final List<String> events = new ArrayList<>();

	private final RecordingWorkflowContext run = new RecordingWorkflowContext(this.events::add, 1);

	@Test
	void outsideOfARunItIsAPlainCall() {
		try (var context = with(Steps.class)) {
			assertThat(context.getBean(Steps.class).number(3)).isEqualTo(4);
			assertThat(this.run.steps()).isEmpty();
		}
	}

	@Test
	void inARunItIsAStep() throws Exception {
		try (var context = with(Steps.class)) {
			assertThat(this.run.<Integer>call(() -> context.getBean(Steps.class).number(3))).isEqualTo(4);
			assertThat(this.run.step()).isEqualTo(new Step("number", Integer.class, StepOptions.defaults(), false));
		}
	}

	@ParameterizedTest
	@MethodSource("types")
	void itsResultIsOfTheTypeThatItsClassSees(String method, Type type) throws Exception {
		try (var context = with(Types.class)) {
			Types types = context.getBean(Types.class);
			this.run.call(() -> Types.class.getMethod(method).invoke(types));
			assertThat(this.run.step().type()).isEqualTo(type);
		}
	}

	static Stream<Arguments> types() {
		Type orders = new ParameterizedTypeReference<List<Order>>() {
		}.getType();
		return Stream.of(Arguments.of("one", Order.class), Arguments.of("list", orders),
				Arguments.of("array", Order[].class), Arguments.of("nothing", Void.class),
				Arguments.of("primitive", Long.class));
	}

	@Test
	void itsAttributesAreItsOptions() throws Exception {
		Map<String, Object> properties = Map.of("name", "charge", "initial", "500ms", "max", "PT1M30S", "timeout",
				"10s");
		try (var context = with(properties, (each) -> each.register(Attributes.class))) {
			this.run.call(context.getBean(Attributes.class)::charge);
			assertThat(this.run.step().name()).isEqualTo("charge it");
			assertThat(this.run.step().transactional()).isTrue();
			assertThat(this.run.step().options()).isEqualTo(StepOptions.defaults()
				.maxAttempts(5)
				.backoff(Duration.ofMillis(500), 3, Duration.ofSeconds(90))
				.timeout(Duration.ofSeconds(10)));
		}
	}

	@Test
	void anAnnotationCanBePutOnAnotherOneAndOnInterfaces() throws Exception {
		try (var context = with(Inheriting.class)) {
			Inheriting bean = context.getBean(Inheriting.class);
			this.run.call(() -> bean.meta("x") + bean.ofInterface("x") + bean.replaced("x"));
			assertThat(this.run.steps()).extracting(Step::name).containsExactly("meta", "of-interface", "by-class");
		}
	}

	@Test
	void aStepInsideOfAStepIsAPartOfThat() throws Exception {
		try (var context = with(Outer.class, Steps.class)) {
			assertThat(this.run.<Integer>call(() -> context.getBean(Outer.class).outer())).isEqualTo(2);
			assertThat(this.run.step().name()).isEqualTo("outer");
		}
	}

	@Test
	void itsBodyCanBeCalledAgain() throws Exception {
		RecordingWorkflowContext twice = new RecordingWorkflowContext(this.events::add, 2);
		try (var context = proxied(true, Counting.class)) {
			assertThat(twice.<Integer>call(() -> context.getBean(Counting.class).count())).isEqualTo(2);
			assertThat(this.events).containsExactly("step begins", "advice", "advice", "step ends");
		}
	}

	@Test
	void whatItThrowsReachesTheRunAsItWasThrown() {
		try (var context = with(Failing.class, FailingOuter.class)) {
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> this.run.call(context.getBean(Failing.class)::checked))
				.withMessage("no disk");
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> this.run.call(context.getBean(FailingOuter.class)::outer))
				.withMessage("no disk");
			assertThatExceptionOfType(StackOverflowError.class)
				.isThrownBy(() -> this.run.call(context.getBean(Failing.class)::error))
				.withMessage("to leave");
		}
	}

	@Test
	void itIsOutsideOfATransactionOfItsMethod() throws Exception {
		try (var context = with(Map.of(), (each) -> {
			each.registerBean(PlatformTransactionManager.class, () -> new RecordingTransactions(this.events::add));
			each.register(Transactions.class, Booking.class);
		})) {
			this.run.call(() -> context.getBean(Booking.class).book());
			assertThat(this.run.step().transactional()).isTrue();
			assertThat(this.events).containsExactly("step begins", "begin", "commit", "step ends");
		}
	}

	@Test
	void itIsOutsideOfWhatElseAProxyDoes() throws Exception {
		for (boolean cglib : new boolean[] { true, false }) {
			this.events.clear();
			try (var context = proxied(cglib, OfInterface.class)) {
				Object bean = context.getBean("bean");
				assertThat(AopUtils.isCglibProxy(bean)).isEqualTo(cglib);
				this.run.call(() -> ((Api<?>) bean).step());
				assertThat(this.events).containsExactly("step begins", "advice", "step ends");
			}
		}
	}

	@Test
	void aJdkProxyInterceptsWhatTheClassIsMarkedWith() throws Exception {
		try (var context = with(OfInterface.class)) {
			Api<?> bean = context.getBean(Api.class);
			assertThat(AopUtils.isJdkDynamicProxy(bean)).isTrue();
			this.run.call(bean::step);
			assertThat(this.run.step().type()).isEqualTo(String.class);
		}
	}

	@Test
	void aFinalClassWithAnInterfaceIsIntercepted() throws Exception {
		try (var context = with(FinalOfInterface.class)) {
			this.run.call(context.getBean(Api.class)::step);
			assertThat(this.run.step().name()).isEqualTo("step");
		}
	}

	@Test
	void aClientThatIsNothingButAnInterfaceIsIntercepted() throws Exception {
		Client client = ProxyFactory.getProxy(Client.class,
				(MethodInterceptor) (invocation) -> List.of(new Order((int) invocation.getArguments()[0])));
		try (var context = with(Map.of(), (each) -> each.registerBean("client", Client.class, () -> client))) {
			Client bean = context.getBean(Client.class);
			assertThat(this.run.<List<Order>>call(() -> bean.orders(3))).containsExactly(new Order(3));
			assertThat(this.run.step().type()).isEqualTo(new ParameterizedTypeReference<List<Order>>() {
			}.getType());
		}
	}

	@Test
	void aScopedBeanIsInterceptedOnce() throws Exception {
		try (var context = with(Scoped.class)) {
			this.run.call(context.getBean(Scoped.class)::step);
			assertThat(this.run.steps()).hasSize(1);
		}
	}

	@Test
	void aMockIsNoStep() {
		FinalMethod mock = Mockito.mock(FinalMethod.class, Mockito.withSettings().mockMaker(MockMakers.SUBCLASS));
		try (var context = with(Map.of(), (each) -> each.registerBean(FinalMethod.class, () -> mock))) {
			assertThat(context.getBean(FinalMethod.class)).isSameAs(mock);
		}
	}

	@Test
	void theWorkflowOfTheSameClassCallsItsStepsThroughAReferenceToTheBean() throws Exception {
		try (var context = WorkflowContexts.with(ByProvider.class, ByLazyField.class)) {
			this.run.run(WorkflowContexts.workflow(context, "by-provider"), null);
			this.run.run(WorkflowContexts.workflow(context, "by-lazy-field"), null);
			assertThat(this.run.steps()).extracting(Step::name).containsExactly("provided", "lazy");
		}
	}

	@Test
	void aWorkflowThatCallsAStepOnThisIsRefused() {
		assertRefused(OnThis.class).withMessageContaining(OnThis.class.getName() + " calls its own steps on 'this'")
			.withMessageContaining("run(WorkflowContext, Order) calls charge(Order)")
			.withMessageContaining("a bean of their own")
			.withMessageContaining("ObjectProvider<OnThis> or @Lazy OnThis")
			.withMessageContaining("WorkflowContext.step");
	}

	@Test
	void aBeanOfACycleIsIntercepted() throws Exception {
		try (var context = proxied(true, ByField.class); var plain = with(ByField.class)) {
			this.run.call(context.getBean(ByField.class)::run);
			assertThat(this.events).containsExactly("advice", "step begins", "advice", "step ends");
			this.run.call(plain.getBean(ByField.class)::run);
			assertThat(this.run.steps()).hasSize(2);
			this.run.call(plain.getBean(ByField.class)::step);
			assertThat(this.run.steps()).hasSize(3);
		}
	}

	@ParameterizedTest
	@CsvSource({ "PrivateMethod,it is private", "StaticMethod,it is static", "FinalMethod,it is final",
			"BothAnnotations,'it is a workflow, too'", "OtherPackage,it is package-private in another package",
			"BesideInterface,no interface of its bean has it" })
	void aMethodThatCannotBeInterceptedIsRefused(String name, String reason) throws Exception {
		Class<?> type = Class.forName(getClass().getName() + "$" + name);
		assertRefused(type).withMessageContaining("Step " + type.getName() + ".step()").withMessageContaining(reason);
	}

	@Test
	void aClassThatCannotHaveAProxyIsRefused() {
		assertRefused(FinalClass.class).withMessageContaining("The steps of " + FinalClass.class.getName())
			.withMessageContaining("Let it be no final class");
	}

	@Test
	void aClassThatAsksForAClassProxyGetsOne() throws Exception {
		try (var context = with(ProxiedAsClass.class)) {
			this.run.call(context.getBean(ProxiedAsClass.class)::step);
			assertThat(this.run.step().name()).isEqualTo("step");
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { ReturnsFuture.class, ReturnsStage.class, ReturnsPublisher.class, ReturnsStream.class,
			ReturnsIterator.class, ReturnsInputStream.class, ReturnsReader.class })
	void aResultThatCannotBeRecordedIsRefused(Class<?> type) {
		assertRefused(type).withMessageContaining("Step " + type.getName() + ".step()")
			.withMessageContaining("it returns java.")
			.withMessageContaining("cannot be recorded");
	}

	@Test
	void aResultOfAnUnknownTypeIsRefused() {
		assertRefused(ReturnsAnything.class)
			.withMessageContaining("Step " + ReturnsAnything.class.getName() + ".step(Class)")
			.withMessageContaining("it returns T, of which nothing is known");
	}

	@ParameterizedTest
	@CsvSource({ "i,initialBackoff,soon", "m,maxBackoff,5 parsecs", "t,timeout,never" })
	void aWrongValueIsReportedWithItsAttributeAndMethod(String property, String attribute, String value) {
		assertRefused(Map.of(property, value), OneOfEach.class)
			.withMessageStartingWith("'" + attribute + "' of the @PgqrsStep on ")
			.withMessageContaining(OneOfEach.class.getName() + ".step()")
			.withMessageContaining("is '${" + property + ":}', which resolves to '" + value + "'")
			.withMessageContaining("duration");
	}

	@ParameterizedTest
	@CsvSource({ "i,2m,must not be shorter than", "t,0s,at least a millisecond", "m,-1s,must not be negative",
			"n,#{'n'.repeat(201)},must not be longer than 200 characters" })
	void aValueThatIsOutOfRangeIsReportedWithItsMethod(String property, String value, String expected) {
		assertRefused(Map.of(property, value), OneOfEach.class)
			.withMessageContaining("The @PgqrsStep on " + OneOfEach.class.getName() + ".step() cannot work: ")
			.withMessageContaining(expected);
	}

	@Test
	void anUnknownPropertyIsReported() {
		assertRefused(UnknownProperty.class).withMessageContaining("${nowhere}")
			.withMessageContaining("no such property");
	}

	private static ThrowableAssertAlternative<InvalidWorkflowException> assertRefused(Class<?> type) {
		return assertRefused(Map.of(), type);
	}

	private static ThrowableAssertAlternative<InvalidWorkflowException> assertRefused(Map<String, Object> properties,
			Class<?> type) {
		return assertThatExceptionOfType(InvalidWorkflowException.class).isThrownBy(() -> {
			try {
				with(properties, (context) -> context.register(type)).close();
			}
			catch (BeanCreationException ex) {
				throw ex.getCause();
			}
		});
	}

	private static AnnotationConfigApplicationContext with(Class<?>... beans) {
		return with(Map.of(), (context) -> List.of(beans).forEach(context::register));
	}

	private static AnnotationConfigApplicationContext with(Map<String, Object> properties,
			Consumer<AnnotationConfigApplicationContext> customizer) {
		return ListenerContexts.with(properties, customizer);
	}

	/** With one bean, 'bean', which has a proxy. */
	private AnnotationConfigApplicationContext proxied(boolean cglib, Class<?> type) {
		return with(Map.of(), (context) -> {
			context.registerBean("advice", MethodInterceptor.class, () -> (invocation) -> {
				this.events.add("advice");
				return invocation.proceed();
			});
			context.registerBean("proxies", BeanNameAutoProxyCreator.class, () -> {
				BeanNameAutoProxyCreator proxies = new BeanNameAutoProxyCreator();
				proxies.setBeanNames("bean");
				proxies.setInterceptorNames("advice");
				proxies.setProxyTargetClass(cglib);
				return proxies;
			});
			context.registerBean("bean", type);
		});
	}

	record Order(int number) {
	}

	static class Steps {

		@PgqrsStep
		int number(int number) {
			return number + 1;
		}

	}

	static class Generic<T> {

		@PgqrsStep
		public @Nullable T one() {
			return null;
		}

		@PgqrsStep
		public List<T> list() {
			return List.of();
		}

		@PgqrsStep
		public T @Nullable [] array() {
			return null;
		}

	}

	public static class Types extends Generic<Order> {

		@PgqrsStep
		public void nothing() {
		}

		@PgqrsStep
		public long primitive() {
			return 1;
		}

	}

	static class Attributes {

		@PgqrsStep(name = "${name} it", transactional = true, maxAttempts = 5, initialBackoff = "${initial}",
				backoffMultiplier = 3, maxBackoff = "${max}", timeout = "${timeout}")
		String charge() {
			return "charged";
		}

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@PgqrsStep("meta")
	@interface Remembered {

	}

	interface Remembers<T> {

		@PgqrsStep("of-interface")
		String ofInterface(T input);

		@PgqrsStep("by-interface")
		String replaced(T input);

	}

	@Proxyable(ProxyType.TARGET_CLASS)
	static class Inheriting implements Remembers<String> {

		@Remembered
		String meta(String input) {
			return input;
		}

		@Override
		public String ofInterface(String input) {
			return input;
		}

		@Override
		@PgqrsStep("by-class")
		public String replaced(String input) {
			return input;
		}

	}

	static class Outer {

		private final @Nullable Steps steps;

		Outer(@Nullable Steps steps) {
			this.steps = steps;
		}

		@PgqrsStep
		int outer() {
			return this.steps.number(1);
		}

	}

	static class Counting {

		private int calls;

		@PgqrsStep
		int count() {
			return ++this.calls;
		}

	}

	static class Failing {

		@PgqrsStep
		String checked() throws IOException {
			throw new IOException("no disk");
		}

		@PgqrsStep
		String error() {
			throw new StackOverflowError("to leave");
		}

	}

	static class FailingOuter {

		private final @Nullable Failing failing;

		FailingOuter(@Nullable Failing failing) {
			this.failing = failing;
		}

		@PgqrsStep
		String outer() throws IOException {
			return this.failing.checked();
		}

	}

	static class Booking {

		@Transactional
		@PgqrsStep(transactional = true)
		String book() {
			return "booked";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement
	static class Transactions {

	}

	record RecordingTransactions(Consumer<String> events) implements PlatformTransactionManager {

		@Override
		public TransactionStatus getTransaction(@Nullable TransactionDefinition definition) {
			this.events.accept("begin");
			return new SimpleTransactionStatus();
		}

		@Override
		public void commit(TransactionStatus status) {
			this.events.accept("commit");
		}

		@Override
		public void rollback(TransactionStatus status) {
			this.events.accept("rollback");
		}

	}

	interface Api<T> {

		T step();

	}

	static class OfInterface implements Api<String> {

		@Override
		@PgqrsStep
		public String step() {
			return "done";
		}

	}

	static final class FinalOfInterface implements Api<String> {

		@Override
		@PgqrsStep
		public final String step() {
			return "done";
		}

	}

	interface Client {

		@PgqrsStep
		List<Order> orders(int customer);

	}

	@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
	static class Scoped {

		@PgqrsStep
		String step() {
			return "done";
		}

	}

	static class ByProvider {

		private final @Nullable ObjectProvider<ByProvider> self;

		ByProvider(@Nullable ObjectProvider<ByProvider> self) {
			this.self = self;
		}

		@PgqrsWorkflow("by-provider")
		String run() {
			return this.self.getObject().provided();
		}

		@PgqrsStep
		String provided() {
			return "done";
		}

	}

	static class ByLazyField {

		@Autowired
		@Lazy
		private ByLazyField self;

		@PgqrsWorkflow("by-lazy-field")
		String run() {
			return this.self.lazy();
		}

		@PgqrsStep
		String lazy() {
			return "done";
		}

	}

	static class ByField {

		@Autowired
		private ByField self;

		String run() {
			return this.self.step();
		}

		@PgqrsStep
		String step() {
			return "done";
		}

	}

	static class OnThis {

		@PgqrsWorkflow
		String run(WorkflowContext context, Order order) {
			return charge(order);
		}

		@PgqrsStep
		String charge(Order order) {
			return "charged";
		}

	}

	static class PrivateMethod {

		void run() {
			step();
		}

		@PgqrsStep
		private void step() {
		}

	}

	static class StaticMethod {

		@PgqrsStep
		static void step() {
		}

	}

	static class FinalMethod {

		@PgqrsStep
		final void step() {
		}

	}

	static class BothAnnotations {

		@PgqrsStep
		@PgqrsWorkflow
		void step() {
		}

	}

	static class OtherPackage extends PackagePrivateStep {

	}

	static class BesideInterface implements Runnable {

		@Override
		public void run() {
		}

		@PgqrsStep
		String step() {
			return "done";
		}

	}

	@Proxyable(ProxyType.TARGET_CLASS)
	static class ProxiedAsClass extends BesideInterface {

	}

	static final class FinalClass {

		@PgqrsStep
		void step() {
		}

	}

	static class Returns<T> {

		@PgqrsStep
		T step() {
			throw new UnsupportedOperationException();
		}

	}

	static class ReturnsFuture extends Returns<Future<String>> {

	}

	static class ReturnsStage extends Returns<CompletionStage<String>> {

	}

	static class ReturnsPublisher extends Returns<Flow.Publisher<String>> {

	}

	static class ReturnsStream extends Returns<IntStream> {

	}

	static class ReturnsIterator extends Returns<Iterator<String>> {

	}

	static class ReturnsInputStream extends Returns<InputStream> {

	}

	static class ReturnsReader extends Returns<Reader> {

	}

	static class ReturnsAnything {

		@PgqrsStep
		<T> T step(Class<T> type) {
			throw new UnsupportedOperationException();
		}

	}

	static class OneOfEach {

		@PgqrsStep(name = "${n:}", initialBackoff = "${i:}", maxBackoff = "${m:}", timeout = "${t:}")
		void step() {
		}

	}

	static class UnknownProperty {

		@PgqrsStep(timeout = "${nowhere}")
		void step() {
		}

	}

}

package io.pgqrs.annotation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import io.pgqrs.workflow.WorkflowContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.aop.framework.AopContext;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Lookup;

import static org.assertj.core.api.Assertions.assertThat;

/** Which calls of own steps are found. */
class SelfInvocationsTests {

	@ParameterizedTest
	@MethodSource("pastTheProxy")
	void aCallPastTheProxyIsFound(Class<?> type, String... calls) {
		assertThat(find(type)).containsExactly(calls);
	}

	static Stream<Arguments> pastTheProxy() {
		return Stream.of(calls(Direct.class, "run(Order) calls charge(Order)"),
				calls(WithEquals.class, "run() calls charge()"), calls(ByHelper.class, "helper() calls charge()"),
				calls(ByStaticHelper.class, "run() calls charge()"),
				calls(ByLambda.class, "run(List) calls charge(Order)"),
				calls(ByNestedLambda.class, "run(List) calls charge(Order)"),
				calls(ByMethodReference.class, "run(List) calls charge(Order)"),
				calls(ByOtherCallable.class, "run(Service) calls charge()"),
				calls(BySuper.class, "run() calls charge()"), calls(OfSuperclass.class, "run() calls charge()"),
				calls(OfTemplate.class, "run() calls charge()"), calls(Generic.class, "run() calls charge(Object)"),
				calls(OfDefaultMethod.class, "run() calls charge()"), calls(OfInterface.class, "run() calls charge()"),
				calls(Several.class, "book() calls charge()", "run() calls charge()", "run() calls refund(Order)"),
				calls(Recursive.class, "again(int) calls charge()"));
	}

	private static Arguments calls(Class<?> type, String... calls) {
		return Arguments.of(type, calls);
	}

	@ParameterizedTest
	@MethodSource("silent")
	void whereTheCallCanComeThroughTheProxyOrNeedNotNothingIsSaid(Class<?> type) {
		assertThat(AnnotatedMethods.find(type, PgqrsStep.class)).isNotEmpty();
		assertThat(find(type)).isEmpty();
	}

	static Stream<Class<?>> silent() {
		return Stream.of(Field.class, InterfaceField.class, Provider.class, ProviderLambda.class,
				ProviderReference.class, FromBeanFactory.class, Parameter.class, LookedUp.class, CurrentProxy.class,
				InsideOfSteps.class, InsideOfStepLambda.class, StepBodies.class, NoCalls.class, InConstructor.class,
				Overridden.class, OtherOverload.class, OnAnotherType.class);
	}

	@Test
	void aClassFileThatCannotBeReadShowsNothing() throws Exception {
		Class<?> hidden = new Unreadable().loadClass(Direct.class.getName());
		assertThat(hidden).isNotEqualTo(Direct.class);
		Method step = hidden.getDeclaredMethod("charge", Order.class);
		assertThat(SelfInvocations.find(hidden, Set.of(step))).isEmpty();
	}

	private static Set<String> find(Class<?> type) {
		return SelfInvocations.find(type, AnnotatedMethods.find(type, PgqrsStep.class).keySet());
	}

	record Order(int number) {
	}

	static class Direct {

		void run(Order order) {
			charge(order);
		}

		@PgqrsStep
		void charge(Order order) {
		}

	}

	static class WithEquals implements Comparable<WithEquals> {

		private int number;

		void run() {
			charge();
		}

		@PgqrsStep
		void charge() {
		}

		@Override
		public boolean equals(Object other) {
			return other instanceof WithEquals that && this.number == that.number;
		}

		@Override
		public int hashCode() {
			return this.number;
		}

		@Override
		public int compareTo(WithEquals other) {
			return this.number - other.number;
		}

	}

	static class ByHelper {

		void run() {
			helper();
		}

		private void helper() {
			charge();
		}

		@PgqrsStep
		void charge() {
		}

	}

	/** The object is passed on as something else. */
	static class ByStaticHelper {

		void run() {
			helper(() -> charge());
		}

		private static void helper(Runnable runnable) {
			runnable.run();
		}

		@PgqrsStep
		void charge() {
		}

	}

	static class ByLambda {

		void run(List<Order> orders) {
			orders.forEach((order) -> charge(order));
		}

		@PgqrsStep
		void charge(Order order) {
		}

	}

	static class ByNestedLambda {

		void run(List<Order> orders) {
			Optional.of(orders).ifPresent((all) -> all.forEach((order) -> charge(order)));
		}

		@PgqrsStep
		void charge(Order order) {
		}

	}

	static class ByMethodReference {

		void run(List<Order> orders) {
			orders.forEach(this::charge);
		}

		@PgqrsStep
		void charge(Order order) {
		}

	}

	interface Service {

		void step(String name, Callable<?> body);

	}

	static class ByOtherCallable {

		void run(Service service) {
			service.step("charge", this::charge);
		}

		@PgqrsStep
		String charge() {
			return "charged";
		}

	}

	static class BySuper extends Superclass {

		void run() {
			super.charge();
		}

		@Override
		@PgqrsStep
		void charge() {
			super.charge();
		}

	}

	static class Superclass {

		@PgqrsStep
		void charge() {
		}

	}

	static class OfSuperclass extends Superclass {

		void run() {
			charge();
		}

	}

	abstract static class Template {

		void run() {
			charge();
		}

		abstract void charge();

	}

	static class OfTemplate extends Template {

		@Override
		@PgqrsStep
		void charge() {
		}

	}

	abstract static class GenericTemplate<T> {

		abstract T order();

		void run() {
			charge(order());
		}

		@PgqrsStep
		abstract void charge(T order);

	}

	static class Generic extends GenericTemplate<Order> {

		@Override
		Order order() {
			return new Order(1);
		}

		@Override
		void charge(Order order) {
		}

	}

	interface WithDefault {

		@PgqrsStep
		default void charge() {
		}

	}

	static class OfDefaultMethod implements WithDefault {

		void run() {
			charge();
		}

	}

	static class OfInterface implements WithDefault {

		void run() {
			((WithDefault) this).charge();
		}

	}

	static class Several {

		void book() {
			charge();
		}

		void run() {
			charge();
			refund(new Order(1));
			book();
		}

		@PgqrsStep
		void charge() {
		}

		@PgqrsStep
		void refund(Order order) {
		}

	}

	static class Recursive {

		void run() {
			again(3);
		}

		private void again(int times) {
			if (times > 0) {
				charge();
				again(times - 1);
			}
		}

		@PgqrsStep
		void charge() {
		}

	}

	static class Field {

		private @Nullable Field self;

		void run() {
			this.self.charge();
		}

		@PgqrsStep
		void charge() {
		}

	}

	interface Api {

		void charge();

	}

	static class InterfaceField implements Api {

		private @Nullable Api self;

		void run() {
			this.self.charge();
		}

		@Override
		@PgqrsStep
		public void charge() {
		}

	}

	static class Provider {

		private @Nullable ObjectProvider<Provider> self;

		void run() {
			this.self.getObject().charge();
		}

		@PgqrsStep
		void charge() {
		}

	}

	static class ProviderLambda {

		private @Nullable ObjectProvider<ProviderLambda> self;

		void run(Order order) {
			this.self.ifAvailable((bean) -> bean.charge(order));
		}

		@PgqrsStep
		void charge(Order order) {
		}

	}

	static class ProviderReference {

		private @Nullable ObjectProvider<ProviderReference> self;

		void run() {
			this.self.ifAvailable(ProviderReference::charge);
		}

		@PgqrsStep
		void charge() {
		}

	}

	static class FromBeanFactory {

		private @Nullable BeanFactory beans;

		void run() {
			this.beans.getBean(FromBeanFactory.class).charge();
		}

		@PgqrsStep
		void charge() {
		}

	}

	static class Parameter {

		void run(Parameter self) {
			self.charge();
		}

		@PgqrsStep
		void charge() {
		}

	}

	abstract static class LookedUp {

		void run() {
			self().charge();
		}

		@Lookup
		abstract LookedUp self();

		@PgqrsStep
		void charge() {
		}

	}

	static class CurrentProxy {

		void run() {
			((CurrentProxy) AopContext.currentProxy()).charge();
		}

		@PgqrsStep
		void charge() {
		}

	}

	static class InsideOfSteps {

		@PgqrsStep
		void pay() {
			helper();
			charge();
		}

		private void helper() {
			charge();
		}

		@PgqrsStep
		void charge() {
		}

	}

	static class InsideOfStepLambda {

		@PgqrsStep
		void pay(List<Order> orders) {
			orders.forEach((order) -> charge(order));
			orders.forEach(this::charge);
		}

		@PgqrsStep
		void charge(Order order) {
		}

	}

	static class StepBodies {

		void run(WorkflowContext context, Order order) {
			context.step("lambda", String.class, () -> charge(order));
			context.transactionalStep("reference", String.class, this::book);
			context.step("nested", () -> List.of(order).forEach((each) -> charge(each)));
		}

		@PgqrsStep
		String charge(Order order) {
			return "charged";
		}

		@PgqrsStep
		String book() {
			return "booked";
		}

	}

	static class NoCalls {

		@PgqrsStep
		void charge() {
		}

	}

	/** When no run is near. */
	static class InConstructor {

		InConstructor() {
			charge();
		}

		@PgqrsStep
		void charge() {
		}

	}

	static class Overridden extends Direct {

		@Override
		void run(Order order) {
		}

	}

	static class OtherOverload {

		void run() {
			charge(1);
		}

		void charge(int number) {
		}

		@PgqrsStep
		void charge(Order order) {
		}

	}

	static class OnAnotherType {

		private @Nullable Direct direct;

		void run(Order order) {
			this.direct.charge(order);
		}

		@PgqrsStep
		void charge(Order order) {
		}

	}

	/** Defines classes anew, and has no files of them. */
	static final class Unreadable extends ClassLoader {

		Unreadable() {
			super(SelfInvocationsTests.class.getClassLoader());
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (!name.equals(Direct.class.getName())) {
				return super.loadClass(name, resolve);
			}
			try (var file = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
				ByteArrayOutputStream bytes = new ByteArrayOutputStream();
				file.transferTo(bytes);
				return defineClass(name, bytes.toByteArray(), 0, bytes.size());
			}
			catch (IOException ex) {
				throw new ClassNotFoundException(name, ex);
			}
		}

		@Override
		public @Nullable InputStream getResourceAsStream(String name) {
			return null;
		}

	}

}

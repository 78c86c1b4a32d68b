package io.pgqrs.annotation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.pgqrs.listener.DuplicateListenerIdException;
import io.pgqrs.listener.InvalidListenerException;
import io.pgqrs.listener.PgqrsListenerContainerFactory;
import io.pgqrs.listener.PgqrsListenerEndpoint;
import io.pgqrs.listener.PgqrsListenerEndpointRegistry;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
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
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.messaging.handler.annotation.Header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Which listeners are registered, when, and what they are called through. */
class PgqrsListenerRegistrationTests {

	private static final String FACTORY = PgqrsListenerConfigUtils.DEFAULT_CONTAINER_FACTORY_BEAN_NAME;

	private final RecordingContainerFactory factory = new RecordingContainerFactory();

	@Test
	void aListenerHasAContainerThatStartsAndStopsWithTheContext() {
		var context = ListenerContexts.with(this.factory, Simple.class);
		PgqrsListenerEndpointRegistry registry = ListenerContexts.registry(context);
		assertThat(registry.getListenerContainerIds()).containsExactly("simple");
		assertThat(this.factory.containers()).singleElement()
			.satisfies((each) -> assertThat(each.isRunning()).isTrue());
		context.close();
		assertThat(this.factory.containers()).singleElement()
			.satisfies((each) -> assertThat(each.isRunning()).isFalse());
	}

	@Test
	void eachAnnotationOfAMethodHasAContainer() {
		ListenerContexts.with(this.factory, Repeated.class).close();
		assertThat(this.factory.endpoints()).extracting(PgqrsListenerEndpoint::id)
			.containsExactlyInAnyOrder("a", "b", "c", "d", Repeated.class.getName() + ".generated#0",
					Repeated.class.getName() + ".generated#1");
	}

	@Test
	void anAnnotationCanBePutOnAnotherOne() {
		ListenerContexts.with(this.factory, Meta.class).close();
		assertThat(this.factory.endpoint().queues()).containsExactly("emails");
	}

	@Test
	void aMethodInheritsTheAnnotationOfAnInterfaceAndReplacesIt() throws Exception {
		ListenerContexts.with(this.factory, Inheriting.class, Replacing.class).close();
		assertThat(this.factory.endpoints()).extracting(PgqrsListenerEndpoint::id)
			.containsExactlyInAnyOrder("interface", "class");
		this.factory.endpoint("interface")
			.listener()
			.onMessages(List.of(Deliveries.message(1, "\"x\"")), Deliveries.ACKNOWLEDGMENT);
	}

	@Test
	void theTargetOfACglibProxyIsScannedAndTheProxyIsCalled() throws Exception {
		var calls = new ArrayList<String>();
		try (var context = proxied(true, calls, Transactional.class)) {
			assertThat(AopUtils.isCglibProxy(context.getBean("listener"))).isTrue();
			deliver("\"x\"");
			assertThat(calls).containsExactly("advice", "listener x");
		}
	}

	@Test
	void whatAProxyWrapsArrivesAsItWasThrown() {
		try (var context = proxied(true, new ArrayList<>(), Sneaky.class)) {
			assertThat(AopUtils.isCglibProxy(context.getBean("listener"))).isTrue();
			assertThatExceptionOfType(Exception.class).isThrownBy(() -> deliver("\"x\"")).withMessage("sneaked");
		}
	}

	@Test
	void aJdkProxyIsCalledThroughItsInterfaceWithTheAnnotationsOfTheClass() throws Exception {
		var calls = new ArrayList<String>();
		try (var context = proxied(false, calls, WithInterface.class)) {
			assertThat(AopUtils.isJdkDynamicProxy(context.getBean("listener"))).isTrue();
			this.factory.endpoint()
				.listener()
				.onMessages(List.of(Deliveries.message(1, "[\"x\"]", Map.of("tenant", "acme"))),
						Deliveries.ACKNOWLEDGMENT);
			assertThat(calls).containsExactly("advice", "listener [x] acme");
		}
	}

	@Test
	void aMethodThatAJdkProxyDoesNotHaveIsRefused() {
		assertThatExceptionOfType(InvalidListenerException.class)
			.isThrownBy(() -> proxied(false, new ArrayList<>(), BesideInterface.class))
			.withMessageContaining(BesideInterface.class.getName() + ".beside(String) of bean 'listener'")
			.withMessageContaining("proxy-target-class");
	}

	@Test
	void methodsThatACglibProxyCannotPassOnAreRefused() {
		assertThatExceptionOfType(InvalidListenerException.class)
			.isThrownBy(() -> proxied(true, new ArrayList<>(), FinalMethod.class))
			.withMessageContaining(FinalMethod.class.getName() + ".on(String) of bean 'listener'")
			.withMessageContaining("it is final");
		assertThatExceptionOfType(InvalidListenerException.class)
			.isThrownBy(() -> proxied(true, new ArrayList<>(), PrivateMethod.class))
			.withMessageContaining("visibility");
	}

	@Test
	void aProxyThatWasMadeEarlyForACycleIsCalled() throws Exception {
		var calls = new ArrayList<String>();
		try (var context = proxied(true, calls, InACycle.class, TheOther.class)) {
			deliver("\"x\"");
			assertThat(calls).containsExactly("advice", "listener x");
		}
	}

	@Test
	void aBeanThatIsCreatedLaterIsRegisteredAndStartedAtOnce() {
		try (var context = ListenerContexts.with(Map.of(), (each) -> {
			withFactory(each);
			each.registerBean(Simple.class, (definition) -> definition.setLazyInit(true));
			each.registerBean(Late.class, (definition) -> definition.setScope(BeanDefinition.SCOPE_PROTOTYPE));
		})) {
			assertThat(this.factory.containers()).isEmpty();
			context.getBean(Simple.class);
			assertThat(this.factory.containers()).singleElement()
				.satisfies((container) -> assertThat(container.isRunning()).isTrue());
			context.getBean(Late.class);
			context.getBean(Late.class);
			assertThat(ListenerContexts.registry(context).getListenerContainerIds()).containsExactlyInAnyOrder("simple",
					Late.class.getName() + ".on#0", Late.class.getName() + ".on#1");
		}
	}

	@Test
	void anIdCannotBeGivenTwice() {
		assertThatExceptionOfType(DuplicateListenerIdException.class)
			.isThrownBy(() -> ListenerContexts.with(this.factory, Simple.class, SameId.class))
			.withMessageContaining("'simple'");
	}

	@Test
	void withoutAFactoryItSaysWhatToDefine() {
		assertThatExceptionOfType(InvalidListenerException.class)
			.isThrownBy(() -> ListenerContexts.with(Map.of(), (context) -> context.register(Simple.class)))
			.withMessageContaining("PgqrsListenerContainerFactory bean named '" + FACTORY + "'")
			.withMessageContaining(Simple.class.getName() + ".on(String)");
	}

	@Test
	void withTwoFactoriesOneMustBeNamed() {
		assertThatExceptionOfType(InvalidListenerException.class)
			.isThrownBy(() -> ListenerContexts.with(Map.of(), (context) -> {
				context.registerBean("one", RecordingContainerFactory.class, () -> new RecordingContainerFactory());
				context.registerBean("two", RecordingContainerFactory.class, () -> new RecordingContainerFactory());
				context.register(Simple.class);
			}))
			.withMessageContaining("[one, two]")
			.withMessageContaining("'containerFactory'")
			.withMessageContaining(Simple.class.getName() + ".on(String)");
	}

	@Test
	void theDefaultFactoryIsThatOfTheNameOrTheOnlyOrThePrimaryOne() {
		ListenerContexts.with(Map.of(), (context) -> {
			context.registerBean("other", RecordingContainerFactory.class, () -> new RecordingContainerFactory());
			withFactory(context);
			context.register(Simple.class);
		}).close();
		ListenerContexts.with(Map.of(), (context) -> {
			context.registerBean("any", RecordingContainerFactory.class, () -> this.factory);
			context.register(Simple.class);
		}).close();
		ListenerContexts.with(Map.of(), (context) -> {
			context.registerBean("other", RecordingContainerFactory.class, () -> new RecordingContainerFactory());
			context.registerBean("any", RecordingContainerFactory.class, () -> this.factory,
					(definition) -> definition.setPrimary(true));
			context.register(Simple.class);
		}).close();
		assertThat(this.factory.endpoints()).hasSize(3);
	}

	@Test
	void aContextWithoutListenersNeedsNoFactory() {
		ListenerContexts.with(Map.of(), (context) -> context.registerBean("text", String.class, () -> "x")).close();
	}

	@Test
	void configurersAddListenersBeforeAnnotatedOnes() {
		PgqrsListenerContainerFactory other = new RecordingContainerFactory();
		PgqrsListenerEndpoint first = PgqrsListenerEndpoint.of("first", List.of("a"), (messages, acknowledgment) -> {
		});
		PgqrsListenerEndpoint second = PgqrsListenerEndpoint.of("second", List.of("a"), (messages, acknowledgment) -> {
		});
		try (var context = ListenerContexts.with(Map.of(), (each) -> {
			withFactory(each);
			each.register(Simple.class);
			each.registerBean(PgqrsListenerConfigurer.class, () -> (registrar) -> {
				registrar.register(first);
				registrar.register(second, other);
			});
		})) {
			assertThat(this.factory.endpoints()).extracting(PgqrsListenerEndpoint::id)
				.containsExactly("first", "simple");
			assertThat(ListenerContexts.registry(context).getListenerContainerIds()).contains("second");
		}
	}

	@Test
	void aMockIsNoListener() {
		Simple spy = Mockito.mock(Simple.class, Mockito.withSettings().mockMaker(MockMakers.SUBCLASS));
		ListenerContexts.with(Map.of(), (context) -> {
			withFactory(context);
			context.registerBean(Simple.class, () -> spy);
		}).close();
		assertThat(this.factory.endpoints()).isEmpty();
	}

	@Test
	void aSpyIsCalled() throws Exception {
		Simple spy = Mockito.spy(new Simple());
		ListenerContexts.with(Map.of(), (context) -> {
			withFactory(context);
			context.registerBean(Simple.class, () -> spy);
		}).close();
		deliver("\"x\"");
		Mockito.verify(spy).on("x");
	}

	@Test
	void whatTheApplicationDefinesItselfIsNotReplaced() {
		try (var context = new AnnotationConfigApplicationContext()) {
			context.setAllowBeanDefinitionOverriding(false);
			context.register(ListenerContexts.Pgqrs.class, OwnRegistry.class);
			context.refresh();
			assertThat(ListenerContexts.registry(context)).isSameAs(context.getBean(OwnRegistry.class).registry);
		}
	}

	@Test
	void itsBeansAreInfrastructure() {
		try (var context = ListenerContexts.with(this.factory)) {
			for (String name : List.of(PgqrsListenerConfigUtils.LISTENER_ANNOTATION_PROCESSOR_BEAN_NAME,
					PgqrsListenerConfigUtils.LISTENER_ENDPOINT_REGISTRY_BEAN_NAME)) {
				assertThat(context.getBeanDefinition(name).getRole()).isEqualTo(BeanDefinition.ROLE_INFRASTRUCTURE);
			}
		}
	}

	@Test
	void listenersAndTheirPayloadsCanBeReflectedOnInANativeImage() {
		RuntimeHints hints = new RuntimeHints();
		new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(hints, Simple.class, Repeated.class, Meta.class,
				TakesRecord.class);
		for (Class<?> type : List.of(Simple.class, Meta.class, TakesRecord.class)) {
			assertThat(RuntimeHintsPredicates.reflection().onType(type)).accepts(hints);
		}
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Repeated.class, "on")).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Meta.class, "on")).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Order.class, "number")).accepts(hints);
	}

	private void withFactory(GenericApplicationContext context) {
		context.registerBean(FACTORY, RecordingContainerFactory.class, () -> this.factory);
	}

	private void deliver(String json) throws Exception {
		this.factory.endpoint().listener().onMessages(List.of(Deliveries.message(1, json)), Deliveries.ACKNOWLEDGMENT);
	}

	/** The first class is that of the bean 'listener', which has a proxy. */
	private AnnotationConfigApplicationContext proxied(boolean cglib, List<String> calls, Class<?> listener,
			Class<?>... others) {
		return ListenerContexts.with(Map.of(), (context) -> {
			withFactory(context);
			context.registerBean("calls", Calls.class, () -> new Calls(calls::add));
			context.registerBean("advice", MethodInterceptor.class, () -> (invocation) -> {
				calls.add("advice");
				return invocation.proceed();
			});
			context.registerBean("proxies", BeanNameAutoProxyCreator.class, () -> {
				BeanNameAutoProxyCreator proxies = new BeanNameAutoProxyCreator();
				proxies.setBeanNames("listener");
				proxies.setInterceptorNames("advice");
				proxies.setProxyTargetClass(cglib);
				return proxies;
			});
			context.registerBean("listener", listener);
			List.of(others).forEach(context::register);
		});
	}

	record Calls(Consumer<String> record) {
	}

	static class Simple {

		@PgqrsListener(queues = "emails", id = "simple")
		void on(String payload) {
		}

	}

	static class SameId {

		@PgqrsListener(queues = "letters", id = "simple")
		void on(String payload) {
		}

	}

	static class Late {

		@PgqrsListener("emails")
		void on(String payload) {
		}

	}

	static class Repeated {

		@PgqrsListener(queues = "emails", id = "a")
		@PgqrsListener(queues = "letters", id = "b")
		void on(String payload) {
		}

		@PgqrsListeners({ @PgqrsListener(queues = "emails", id = "c"), @PgqrsListener(queues = "letters", id = "d") })
		void container(String payload) {
		}

		@PgqrsListener("emails")
		@PgqrsListener("letters")
		void generated(String payload) {
		}

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@PgqrsListener("emails")
	@interface Emails {

	}

	static class Meta {

		@Emails
		void on(String payload) {
		}

	}

	interface Listens {

		@PgqrsListener(queues = "emails", id = "interface")
		void on(String payload);

	}

	static class Inheriting implements Listens {

		@Override
		public void on(String payload) {
		}

	}

	static class Replacing implements Listens {

		@Override
		@PgqrsListener(queues = "letters", id = "class")
		public void on(String payload) {
		}

	}

	/** With fields that only the target has. */
	static class Transactional {

		private final @Nullable Calls calls;

		Transactional(@Nullable Calls calls) {
			this.calls = calls;
		}

		@PgqrsListener("emails")
		void on(String payload) {
			this.calls.record().accept("listener " + payload);
		}

	}

	static class Sneaky {

		@PgqrsListener("emails")
		void on(String payload) {
			sneak(new Exception("sneaked"));
		}

		@SuppressWarnings("unchecked")
		private static <E extends Throwable> void sneak(Throwable exception) throws E {
			throw (E) exception;
		}

	}

	interface Tenanted<T> {

		void on(T payload, String tenant);

	}

	static class WithInterface implements Tenanted<List<String>> {

		private final Calls calls;

		WithInterface(Calls calls) {
			this.calls = calls;
		}

		@Override
		@PgqrsListener("emails")
		public void on(List<String> payload, @Header String tenant) {
			this.calls.record().accept("listener " + payload + " " + tenant);
		}

	}

	static class BesideInterface implements Runnable {

		@Override
		public void run() {
		}

		@PgqrsListener("emails")
		void beside(String payload) {
		}

	}

	static class FinalMethod {

		@PgqrsListener("emails")
		final void on(String payload) {
		}

	}

	static class PrivateMethod {

		@PgqrsListener("emails")
		private void on(String payload) {
		}

	}

	static class InACycle {

		@Autowired
		private Calls calls;

		@Autowired
		private TheOther other;

		@PgqrsListener("emails")
		void on(String payload) {
			this.calls.record().accept("listener " + payload);
		}

	}

	static class TheOther {

		@Autowired
		private InACycle listener;

	}

	record Order(int number) {
	}

	static class TakesRecord {

		@PgqrsListener("orders")
		void on(Order order) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnRegistry {

		private final PgqrsListenerEndpointRegistry registry = new PgqrsListenerEndpointRegistry();

		@Bean
		PgqrsListenerEndpointRegistry pgqrsListenerEndpointRegistry() {
			return this.registry;
		}

	}

}

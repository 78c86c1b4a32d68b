package io.pgqrs.annotation;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

import io.pgqrs.listener.PgqrsListenerEndpointRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.Assert;

/**
 * Finds the methods marked with {@link PgqrsListener} and registers a container for each
 * annotation with the {@link PgqrsListenerEndpointRegistry}: for singletons when all of
 * them exist, for beans created later at once.
 * <p>
 * It has no order on purpose: so it comes after those that make proxies, and sees these.
 *
 * @since 0.1
 * @see EnablePgqrs
 */
public class PgqrsListenerAnnotationBeanPostProcessor
		implements BeanPostProcessor, SmartInitializingSingleton, BeanFactoryAware {

	private static final String MOCK = "$MockitoMock$";

	private final Set<Class<?>> withoutListeners = ConcurrentHashMap.newKeySet();

	private final ReentrantLock lock = new ReentrantLock();

	private final List<AnnotatedBean> waiting = new ArrayList<>();

	private @Nullable ConfigurableListableBeanFactory beanFactory;

	private volatile @Nullable ListenerRegistration registration;

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		Assert.isInstanceOf(ConfigurableListableBeanFactory.class, beanFactory);
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		Class<?> type = AopUtils.getTargetClass(bean);
		// A scoped proxy is skipped like everywhere in Spring: its targets come by
		// themselves.
		if (this.withoutListeners.contains(type) || bean instanceof AopInfrastructureBean
				|| bean.getClass().getName().contains(MOCK) || type.getName().contains(MOCK)) {
			return bean;
		}
		Map<Method, List<MergedAnnotation<PgqrsListener>>> methods = listenerMethods(type);
		if (methods.isEmpty()) {
			this.withoutListeners.add(type);
		}
		else {
			add(new AnnotatedBean(bean, beanName, type, methods));
		}
		return bean;
	}

	private static Map<Method, List<MergedAnnotation<PgqrsListener>>> listenerMethods(Class<?> type) {
		if (!AnnotationUtils.isCandidateClass(type, PgqrsListener.class)) {
			return Map.of();
		}
		return MethodIntrospector.selectMethods(type,
				(MethodIntrospector.MetadataLookup<List<MergedAnnotation<PgqrsListener>>>) (method) -> {
					List<MergedAnnotation<PgqrsListener>> annotations = annotations(method);
					return annotations.isEmpty() ? null : annotations;
				});
	}

	/**
	 * Those nearest to the method: an overriding method's replace the overridden one's.
	 */
	private static List<MergedAnnotation<PgqrsListener>> annotations(Method method) {
		List<MergedAnnotation<PgqrsListener>> all = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY)
			.stream(PgqrsListener.class)
			.toList();
		int nearest = all.stream().mapToInt(MergedAnnotation::getAggregateIndex).min().orElse(0);
		return all.stream().filter((annotation) -> annotation.getAggregateIndex() == nearest).toList();
	}

	private void add(AnnotatedBean bean) {
		ListenerRegistration registration = this.registration;
		if (registration == null) {
			this.lock.lock();
			try {
				registration = this.registration;
				if (registration == null) {
					this.waiting.add(bean);
					return;
				}
			}
			finally {
				this.lock.unlock();
			}
		}
		registration.register(bean);
	}

	@Override
	public void afterSingletonsInstantiated() {
		ConfigurableListableBeanFactory beanFactory = this.beanFactory;
		Assert.state(beanFactory != null, "No bean factory");
		PgqrsListenerRegistrar registrar = new PgqrsListenerRegistrar();
		beanFactory.getBeanProvider(PgqrsListenerConfigurer.class)
			.orderedStream()
			.forEach((configurer) -> configurer.configureListeners(registrar));
		ListenerRegistration registration = new ListenerRegistration(beanFactory, registrar);
		registrar.registrations().forEach(registration::register);
		registerWaiting(beanFactory, registration);
	}

	private void registerWaiting(ConfigurableListableBeanFactory beanFactory, ListenerRegistration registration) {
		List<AnnotatedBean> beans;
		// A bean that another thread adds now is either among those waiting or finds the
		// registration.
		this.lock.lock();
		try {
			this.registration = registration;
			beans = List.copyOf(this.waiting);
			this.waiting.clear();
		}
		finally {
			this.lock.unlock();
		}
		beans.forEach((bean) -> registration.register(bean.finished(beanFactory)));
	}

	/**
	 * A bean with listeners.
	 *
	 * @param bean may be a proxy
	 * @param name of the bean
	 * @param type the target class
	 * @param methods of the target class, and their annotations
	 */
	record AnnotatedBean(Object bean, String name, Class<?> type,
			Map<Method, List<MergedAnnotation<PgqrsListener>>> methods) {

		/**
		 * What everybody else gets. Not what this post-processor saw if the bean is part
		 * of a cycle, for then its proxy was made earlier.
		 */
		AnnotatedBean finished(ConfigurableListableBeanFactory beanFactory) {
			Object singleton = beanFactory.getSingleton(this.name);
			return (singleton != null && AopUtils.getTargetClass(singleton) == this.type)
					? new AnnotatedBean(singleton, this.name, this.type, this.methods) : this;
		}

	}

}

package io.pgqrs.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.util.Assert;

/**
 * Finds beans with annotated methods and has them registered: singletons when all of them
 * exist, beans created later at once.
 * <p>
 * It has no order on purpose: so it comes after those that make proxies, and sees these.
 */
abstract class AnnotatedMethodBeanPostProcessor<A extends Annotation>
		implements BeanPostProcessor, SmartInitializingSingleton, BeanFactoryAware {

	private final Class<A> annotationType;

	private final Set<Class<?>> withoutMethods = ConcurrentHashMap.newKeySet();

	private final ReentrantLock lock = new ReentrantLock();

	private final List<AnnotatedBean<A>> waiting = new ArrayList<>();

	private @Nullable ConfigurableListableBeanFactory beanFactory;

	private volatile @Nullable Consumer<AnnotatedBean<A>> registration;

	AnnotatedMethodBeanPostProcessor(Class<A> annotationType) {
		this.annotationType = annotationType;
	}

	/**
	 * Called once, when all singletons exist.
	 * @param beanFactory has them
	 * @return what registers beans
	 */
	abstract Consumer<AnnotatedBean<A>> registration(ConfigurableListableBeanFactory beanFactory);

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		Assert.isInstanceOf(ConfigurableListableBeanFactory.class, beanFactory);
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		Class<?> type = AopUtils.getTargetClass(bean);
		if (this.withoutMethods.contains(type) || !AnnotatedMethods.canBeIn(bean)) {
			return bean;
		}
		Map<Method, List<MergedAnnotation<A>>> methods = AnnotatedMethods.find(type, this.annotationType);
		if (methods.isEmpty()) {
			this.withoutMethods.add(type);
		}
		else {
			add(new AnnotatedBean<>(bean, beanName, type, methods));
		}
		return bean;
	}

	private void add(AnnotatedBean<A> bean) {
		Consumer<AnnotatedBean<A>> registration = this.registration;
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
		registration.accept(bean);
	}

	@Override
	public void afterSingletonsInstantiated() {
		ConfigurableListableBeanFactory beanFactory = this.beanFactory;
		Assert.state(beanFactory != null, "No bean factory");
		Consumer<AnnotatedBean<A>> registration = registration(beanFactory);
		List<AnnotatedBean<A>> beans;
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
		beans.forEach((bean) -> registration.accept(bean.finished(beanFactory)));
	}

}

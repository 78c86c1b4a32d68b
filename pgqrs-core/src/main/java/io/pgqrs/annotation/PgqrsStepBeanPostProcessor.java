package io.pgqrs.annotation;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopConfigException;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.Assert;

/**
 * Gives beans with methods marked with {@link PgqrsStep} a proxy, or the proxy that they
 * have one more task: to make calls of these methods steps of the run that the calling
 * thread executes. The step is outside of everything else that a proxy does, such as
 * {@code @Transactional} or a retry.
 * <p>
 * A step that no proxy could intercept, or whose result could not be recorded, or that
 * its own class calls on {@code this}, is refused.
 *
 * @since 0.1
 * @see EnablePgqrs
 */
public class PgqrsStepBeanPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {

	private static final long serialVersionUID = 1L;

	/** Beans of cycles: others have got their proxies before they were initialized. */
	private final transient Map<String, Object> early = new ConcurrentHashMap<>();

	private transient @Nullable StepMethods steps;

	/**
	 * Makes the post-processor.
	 */
	public PgqrsStepBeanPostProcessor() {
		this.beforeExistingAdvisors = true;
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		super.setBeanFactory(beanFactory);
		Assert.isInstanceOf(ConfigurableListableBeanFactory.class, beanFactory);
		StepMethods steps = new StepMethods((ConfigurableListableBeanFactory) beanFactory);
		StepInterceptor interceptor = new StepInterceptor(steps);
		this.steps = steps;
		this.advisor = new DefaultPointcutAdvisor(interceptor, interceptor);
	}

	@Override
	public Object getEarlyBeanReference(Object bean, String beanName) {
		this.early.put(beanName, target(bean));
		return intercepted(bean, beanName);
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		return (this.early.remove(beanName) == target(bean)) ? bean : intercepted(bean, beanName);
	}

	private static Object target(Object bean) {
		Object target = AopProxyUtils.getSingletonTarget(bean);
		return (target != null) ? target : bean;
	}

	private Object intercepted(Object bean, String beanName) {
		Class<?> type = AopUtils.getTargetClass(bean);
		if (!AnnotatedMethods.canBeIn(bean) || !isEligible(type)) {
			return bean;
		}
		Object proxy = proxy(bean, beanName, type);
		for (Method method : steps().of(type).keySet()) {
			String objection = ProxiedMethods.objection(proxy, type, method);
			if (objection != null) {
				throw new InvalidWorkflowException("Step " + AnnotatedMethods.describe(type, method) + " of bean '"
						+ beanName + "' cannot work: " + objection);
			}
		}
		return proxy;
	}

	private Object proxy(Object bean, String beanName, Class<?> type) {
		try {
			return super.postProcessAfterInitialization(bean, beanName);
		}
		catch (AopConfigException ex) {
			throw new InvalidWorkflowException("The steps of " + type.getName() + ", the class of bean '" + beanName
					+ "', cannot be intercepted. Let it be no final class, or declare them in an interface: "
					+ ex.getMessage(), ex);
		}
	}

	@Override
	protected boolean isEligible(Class<?> targetClass) {
		return !steps().of(targetClass).isEmpty();
	}

	private StepMethods steps() {
		StepMethods steps = this.steps;
		Assert.state(steps != null, "No bean factory");
		return steps;
	}

}

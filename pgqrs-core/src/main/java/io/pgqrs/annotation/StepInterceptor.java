package io.pgqrs.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;

import io.pgqrs.workflow.WorkflowContext;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.util.Assert;

/** Makes calls of step methods steps of the run that the calling thread executes. */
final class StepInterceptor extends StaticMethodMatcherPointcut implements MethodInterceptor {

	private final StepMethods steps;

	StepInterceptor(StepMethods steps) {
		this.steps = steps;
	}

	@Override
	public boolean matches(Method method, Class<?> targetClass) {
		return this.steps.find(method, targetClass) != null;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		WorkflowContext context = WorkflowContext.current();
		if (context == null) {
			return invocation.proceed();
		}
		ProxyMethodInvocation call = (ProxyMethodInvocation) invocation;
		Object target = (call.getThis() != null) ? call.getThis() : call.getProxy();
		StepMethod step = this.steps.find(call.getMethod(), AopUtils.getTargetClass(target));
		Assert.state(step != null, () -> call.getMethod() + " is no step");
		return step.call(context, () -> proceed(call));
	}

	/** Each time anew: an invocation that has proceeded is used up. */
	private static @Nullable Object proceed(ProxyMethodInvocation call) throws Exception {
		try {
			return call.invocableClone().proceed();
		}
		catch (Exception | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new UndeclaredThrowableException(ex);
		}
	}

}

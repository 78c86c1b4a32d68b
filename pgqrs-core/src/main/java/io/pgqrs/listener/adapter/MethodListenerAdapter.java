package io.pgqrs.listener.adapter;

import java.lang.reflect.Method;
import java.util.List;

import io.pgqrs.QueueMessage;
import io.pgqrs.listener.Acknowledgment;
import io.pgqrs.listener.PgqrsMessageListener;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A method of a bean as a listener. What it throws arrives unwrapped; what it returns is
 * ignored.
 *
 * @since 0.1
 */
public final class MethodListenerAdapter implements PgqrsMessageListener {

	private final ListenerMethod method;

	private final ArgumentResolution resolution;

	private volatile @Nullable ListenerArguments arguments;

	/**
	 * Makes a listener, which works after {@link #bind(boolean)}.
	 * @param beanName for messages
	 * @param bean what the method is called on, which may be a proxy
	 * @param method as the target class declares it
	 * @param resolution what its arguments are resolved with
	 * @throws io.pgqrs.listener.InvalidListenerException if the method cannot be called
	 * or returns before its work is done
	 */
	public MethodListenerAdapter(String beanName, Object bean, Method method, ArgumentResolution resolution) {
		this.method = new ListenerMethod(beanName, bean, method);
		this.resolution = resolution;
	}

	/**
	 * Decides how the parameters of the method are understood.
	 * @param batch the effective {@code batch} option of the container
	 * @throws io.pgqrs.listener.InvalidListenerException if the method has parameters
	 * that it cannot have
	 */
	public void bind(boolean batch) {
		this.arguments = (batch) ? new BatchArguments(this.method, this.resolution)
				: new SingleArguments(this.method, this.resolution);
	}

	@Override
	public void onMessages(List<QueueMessage> messages, Acknowledgment acknowledgment) throws Exception {
		ListenerArguments arguments = this.arguments;
		Assert.state(arguments != null, () -> "Listener " + this.method + " is not bound to a container");
		this.method.invoke(arguments.resolve(messages, acknowledgment));
	}

	/** The method and its bean. */
	@Override
	public String toString() {
		return this.method.toString();
	}

}

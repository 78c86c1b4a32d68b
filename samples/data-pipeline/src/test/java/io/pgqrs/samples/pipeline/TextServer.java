package io.pgqrs.samples.pipeline;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** Serves one text, and counts how often it is asked for. */
final class TextServer implements AutoCloseable {

	private final AtomicInteger requests = new AtomicInteger();

	private final Queue<Integer> failures = new ConcurrentLinkedQueue<>();

	private final String text;

	private final HttpServer server;

	TextServer(String text) throws IOException {
		this.text = text;
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/", this::answer);
		this.server.start();
	}

	private void answer(HttpExchange exchange) throws IOException {
		this.requests.incrementAndGet();
		Integer failure = this.failures.poll();
		byte[] body = ((failure != null) ? "" : this.text).getBytes(StandardCharsets.UTF_8);
		exchange.sendResponseHeaders((failure != null) ? failure : 200, (body.length > 0) ? body.length : -1);
		exchange.getResponseBody().write(body);
		exchange.close();
	}

	/** Lets the next request fail. */
	void failWith(int status) {
		this.failures.add(status);
	}

	String url() {
		return "http://localhost:" + this.server.getAddress().getPort() + "/text";
	}

	int requests() {
		return this.requests.get();
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}

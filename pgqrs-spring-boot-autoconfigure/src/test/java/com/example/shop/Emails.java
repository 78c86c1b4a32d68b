package com.example.shop;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import io.pgqrs.annotation.PgqrsListener;

import org.springframework.stereotype.Component;

@Component
class Emails {

	final BlockingQueue<SendEmail> sent = new LinkedBlockingQueue<>();

	@PgqrsListener("emails")
	void send(SendEmail email) {
		this.sent.add(email);
	}

}

package com.example.shop;

import java.util.concurrent.atomic.AtomicInteger;

import io.pgqrs.annotation.PgqrsStep;

import org.springframework.stereotype.Component;

@Component
class Billing {

	private final AtomicInteger charges = new AtomicInteger();

	private final Orders orders;

	Billing(Orders orders) {
		this.orders = orders;
	}

	@PgqrsStep(maxAttempts = 5)
	Receipt charge(Order order) {
		return new Receipt(order.id(), this.charges.incrementAndGet());
	}

	@PgqrsStep(transactional = true)
	void book(Receipt receipt) {
		this.orders.place(new Order(receipt.order(), "ada@example.com"));
	}

}

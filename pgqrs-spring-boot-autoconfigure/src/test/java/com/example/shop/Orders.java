package com.example.shop;

import io.pgqrs.PgqrsOperations;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class Orders {

	private final OrderRepository orders;

	private final PgqrsOperations pgqrs;

	Orders(OrderRepository orders, PgqrsOperations pgqrs) {
		this.orders = orders;
		this.pgqrs = pgqrs;
	}

	@Transactional
	void place(Order order) {
		this.orders.save(order);
		this.pgqrs.enqueue("emails", new SendEmail(order.email(), "Thanks"));
	}

}

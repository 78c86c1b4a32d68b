package com.example.shop;

import java.time.Duration;
import java.util.Optional;

import io.pgqrs.annotation.PgqrsWorkflow;
import io.pgqrs.workflow.WorkflowContext;

import org.springframework.stereotype.Component;

@Component
class Checkout {

	private final Billing billing;

	Checkout(Billing billing) {
		this.billing = billing;
	}

	@PgqrsWorkflow("checkout")
	Receipt run(WorkflowContext ctx, Order order) {
		Optional<String> card = ctx.awaitSignal("card", String.class, Duration.ofHours(1));
		ctx.sleep("count_to_three", Duration.ofMillis(3));
		Receipt receipt = this.billing.charge(order);
		this.billing.book(receipt);
		ctx.step("wave", () -> card.orElseThrow());
		return receipt;
	}

}

package com.example.shop;

import java.util.List;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class OrderRepository {

	private final JdbcClient jdbc;

	OrderRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	void save(Order order) {
		this.jdbc.sql("INSERT INTO shop_orders (id, email) VALUES (:id, :email)").paramSource(order).update();
	}

	List<Long> ids() {
		return this.jdbc.sql("SELECT id FROM shop_orders ORDER BY id").query(Long.class).list();
	}

}

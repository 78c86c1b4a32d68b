package com.example.shop;

import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;
import io.pgqrs.test.RequiresPgBouncer;

@RequiresPgBouncer
class PgBouncerShopTests extends ShopContract {

	@Override
	ApplicationDatabase newDatabase() {
		return ApplicationDatabase.pgBouncer();
	}

}

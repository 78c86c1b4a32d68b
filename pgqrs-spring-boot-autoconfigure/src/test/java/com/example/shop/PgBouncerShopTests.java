package com.example.shop;

import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;

class PgBouncerShopTests extends ShopContract {

	@Override
	ApplicationDatabase newDatabase() {
		return ApplicationDatabase.pgBouncer();
	}

}

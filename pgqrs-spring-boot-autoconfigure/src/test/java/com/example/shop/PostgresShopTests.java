package com.example.shop;

import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;

class PostgresShopTests extends ShopContract {

	@Override
	ApplicationDatabase newDatabase() {
		return ApplicationDatabase.postgres();
	}

}

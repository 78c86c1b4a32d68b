package com.example.shop;

record Order(long id, String email) {
}

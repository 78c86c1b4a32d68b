package com.example.shop;

record Receipt(long order, int charge) {
}

package com.example.shop;

record SendEmail(String to, String subject) {
}

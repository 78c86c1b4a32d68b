/**
 * An application as the documentation shows it: code of a user, in a package of its own.
 */
package com.example.shop;

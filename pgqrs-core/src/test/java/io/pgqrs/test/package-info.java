/**
 * Databases for tests, of this module and of others.
 */
package io.pgqrs.test;

/**
 * Installs and checks the tables, with a Flyway of our own.
 */
@NullMarked
package io.pgqrs.schema;

import org.jspecify.annotations.NullMarked;

/**
 * SQLite: one file, one writer at a time, no server.
 */
@NullMarked
package io.pgqrs.store.sqlite;

import org.jspecify.annotations.NullMarked;

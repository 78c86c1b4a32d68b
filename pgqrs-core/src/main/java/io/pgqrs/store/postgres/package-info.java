/**
 * The PostgreSQL backend.
 */
@NullMarked
package io.pgqrs.store.postgres;

import org.jspecify.annotations.NullMarked;

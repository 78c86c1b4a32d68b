/**
 * The seam to a database: small interfaces by table, records in and out, no SQL.
 */
@NullMarked
package io.pgqrs.store;

import org.jspecify.annotations.NullMarked;

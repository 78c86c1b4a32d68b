package io.pgqrs.store.sqlite;

import java.sql.Connection;

/**
 * The mark of a connection that takes part in the writer lock. It is found through any
 * wrapper, so that a connection which passes two prepared data sources takes the lock
 * once.
 */
interface PreparedConnection extends Connection {

}

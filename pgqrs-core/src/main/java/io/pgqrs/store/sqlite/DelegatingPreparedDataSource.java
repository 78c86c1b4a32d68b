package io.pgqrs.store.sqlite;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Prepares the connections of a data source whose class cannot be extended. */
final class DelegatingPreparedDataSource extends DelegatingDataSource {

	private final SqliteConnections connections;

	DelegatingPreparedDataSource(DataSource dataSource, SqliteConnections connections) {
		super(dataSource);
		this.connections = connections;
	}

	@Override
	public Connection getConnection() throws SQLException {
		return this.connections.prepare(super.getConnection());
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		return this.connections.prepare(super.getConnection(username, password));
	}

}

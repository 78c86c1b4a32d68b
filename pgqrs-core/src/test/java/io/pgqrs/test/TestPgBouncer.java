package io.pgqrs.test;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

import org.springframework.util.FileSystemUtils;

/**
 * A PgBouncer in front of {@link TestPostgres}, for as long as it is not closed. Its
 * commits wait for the server, unless they say otherwise. See {@link RequiresPgBouncer}.
 */
public final class TestPgBouncer implements AutoCloseable {

	/** So few that sessions really change their server connections. */
	public static final int POOL_SIZE = 8;

	private static final String SETTINGS = """
			[databases]
			* = host=%s port=%s user=%s%s connect_query='SET synchronous_commit = on'
			[pgbouncer]
			listen_addr = 127.0.0.1
			listen_port = %d
			unix_socket_dir =
			auth_type = any
			pool_mode = %s
			default_pool_size = %d
			max_client_conn = 400
			query_wait_timeout = 20
			server_tls_sslmode = prefer
			""";

	private final Process process;

	private final Path directory;

	private final int port;

	private TestPgBouncer(Path program, String poolMode) {
		try {
			this.directory = Files.createTempDirectory("pgbouncer");
			this.port = freePort();
			Path settings = Files.writeString(this.directory.resolve("pgbouncer.ini"), settings(poolMode, this.port));
			this.process = start(program, settings);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Runtime.getRuntime().addShutdownHook(new Thread(this::close));
		try {
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(this::answers);
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	/**
	 * Whether there is one to start.
	 * @return false if the program is not found
	 */
	public static boolean isInstalled() {
		return program().isPresent();
	}

	/**
	 * The one of this JVM, which pools transactions.
	 * @return started if need be, not to be closed
	 */
	public static TestPgBouncer transactionPooling() {
		return Holder.INSTANCE;
	}

	/**
	 * A new one.
	 * @param poolMode as PgBouncer names it
	 * @return to be closed
	 */
	public static TestPgBouncer start(String poolMode) {
		return new TestPgBouncer(program().orElseThrow(), poolMode);
	}

	private static Optional<Path> program() {
		return Stream
			.concat(Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)),
					Stream.of("/usr/sbin", "/usr/local/sbin"))
			.map((directory) -> Path.of(directory, "pgbouncer"))
			.filter(Files::isExecutable)
			.findFirst();
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	private static String settings(String poolMode, int port) {
		Properties server = Driver.parseURL(TestPostgres.instance().url(), null);
		return SETTINGS.formatted(server.getProperty("PGHOST"), server.getProperty("PGPORT"),
				server.getProperty("user"), password(server.getProperty("password", "")), port, poolMode, POOL_SIZE);
	}

	/** An empty one is a syntax error. */
	private static String password(String password) {
		return password.isEmpty() ? "" : " password='" + password.replace("'", "''") + "'";
	}

	private static Process start(Path program, Path settings) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(program.toString(), settings.toString());
		if ("root".equals(System.getProperty("user.name"))) {
			// It refuses to run as root.
			builder.command().addAll(List.of("-u", "nobody"));
			Files.setPosixFilePermissions(settings.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
		}
		File log = settings.resolveSibling("pgbouncer.log").toFile();
		return builder.redirectErrorStream(true).redirectOutput(log).start();
	}

	private boolean answers() throws IOException {
		if (!this.process.isAlive()) {
			throw new IllegalStateException(
					"pgbouncer did not start: " + Files.readString(this.directory.resolve("pgbouncer.log")));
		}
		try (Connection connection = TestPostgres.direct(url()).getConnection()) {
			return connection.isValid(5);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	/**
	 * Where it is, for a database of the server.
	 * @param url the JDBC URL that leads to the server directly
	 * @return the one that leads through PgBouncer, with the settings that older versions
	 * of it need
	 */
	public String url(String url) {
		String pooled = url.replaceFirst("^jdbc:postgresql://[^/]*/", "jdbc:postgresql://127.0.0.1:" + this.port + "/");
		return pooled + (pooled.contains("?") ? "&" : "?") + PGProperty.PREPARE_THRESHOLD.getName() + "=0";
	}

	/**
	 * Where it is.
	 * @return a JDBC URL with user and password
	 */
	public String url() {
		return url(TestPostgres.instance().url());
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
		FileSystemUtils.deleteRecursively(this.directory.toFile());
	}

	/** Starts it when it is first asked for. */
	private static final class Holder {

		private static final TestPgBouncer INSTANCE = start("transaction");

	}

}

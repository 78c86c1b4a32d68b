package io.pgqrs.spring.boot.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.beans.factory.annotation.Qualifier;

/**
 * Marks the {@code DataSource} bean whose database holds the queues, when there are
 * several and it is not the primary one:
 *
 * <pre class="code">
 * &#64;Bean(defaultCandidate = false)
 * &#64;PgqrsDataSource
 * &#64;ConfigurationProperties("app.queue-datasource")
 * HikariDataSource queueDataSource() { ... }
 * </pre>
 *
 * With {@code defaultCandidate = false} Spring Boot still configures the application's
 * own data source from {@code spring.datasource.*}.
 * <p>
 * Only a transaction of this data source includes what is enqueued.
 *
 * @since 0.1
 */
@Target({ ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Qualifier
public @interface PgqrsDataSource {

}

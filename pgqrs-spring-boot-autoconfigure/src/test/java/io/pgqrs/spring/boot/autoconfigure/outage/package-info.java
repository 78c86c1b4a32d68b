/**
 * An application while its database is away.
 */
@NullMarked
package io.pgqrs.spring.boot.autoconfigure.outage;

import org.jspecify.annotations.NullMarked;

/**
 * Auto-configuration of pgqrs: properties, stores, template, admin, listeners.
 */
@NullMarked
package io.pgqrs.spring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;

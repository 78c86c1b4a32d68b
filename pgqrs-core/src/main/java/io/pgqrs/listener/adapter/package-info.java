/**
 * Calls methods as listeners, with arguments resolved by spring-messaging.
 */
@NullMarked
package io.pgqrs.listener.adapter;

import org.jspecify.annotations.NullMarked;

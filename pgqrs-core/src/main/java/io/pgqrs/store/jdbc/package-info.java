/**
 * What both backends share.
 */
@NullMarked
package io.pgqrs.store.jdbc;

import org.jspecify.annotations.NullMarked;

/**
 * Failure analyzers: what went wrong at the start, and what to do about it.
 */
@NullMarked
package io.pgqrs.spring.boot.autoconfigure.diagnostics;

import org.jspecify.annotations.NullMarked;

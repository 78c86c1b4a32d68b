/**
 * What an application calls and sees: operations, template, admin, specs, records,
 * exceptions.
 */
@NullMarked
package io.pgqrs;

import org.jspecify.annotations.NullMarked;

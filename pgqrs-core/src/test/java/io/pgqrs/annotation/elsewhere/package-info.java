/**
 * A package that tests inherit from.
 */
package io.pgqrs.annotation.elsewhere;

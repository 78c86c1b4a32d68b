/**
 * Real processes that are killed, and a server that is restarted.
 */
package io.pgqrs.crash;

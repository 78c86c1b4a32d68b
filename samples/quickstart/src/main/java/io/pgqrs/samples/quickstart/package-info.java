/**
 * Counts the lines and words of a directory's text files, one job per file.
 */
@NullMarked
package io.pgqrs.samples.quickstart;

import org.jspecify.annotations.NullMarked;

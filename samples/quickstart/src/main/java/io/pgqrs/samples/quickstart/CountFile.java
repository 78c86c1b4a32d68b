package io.pgqrs.samples.quickstart;

import org.jspecify.annotations.Nullable;

/**
 * The job.
 *
 * @param scan what it belongs to
 * @param file the file's path, or the name of the text
 * @param text the text, or null to read the file
 */
record CountFile(String scan, String file, @Nullable String text) {
}

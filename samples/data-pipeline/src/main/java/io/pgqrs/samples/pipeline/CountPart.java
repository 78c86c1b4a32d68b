package io.pgqrs.samples.pipeline;

/**
 * The job.
 *
 * @param run which is told when it is done
 * @param part number of the part, from 1
 * @param text of the part
 */
record CountPart(long run, int part, String text) {
}

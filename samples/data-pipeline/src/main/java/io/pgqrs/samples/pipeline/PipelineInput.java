package io.pgqrs.samples.pipeline;

/**
 * The input of a run.
 *
 * @param source a URL, or the path of a file
 * @param approval whether to wait for approval before the report
 */
record PipelineInput(String source, boolean approval) {
}

package io.pgqrs.samples.quickstart;

/**
 * One pass over a directory.
 *
 * @param id its id
 * @param input the directory
 * @param files how many files it had at the beginning, each of them a job
 */
record Scan(String id, String input, int files) {

	/**
	 * How far it is.
	 *
	 * @param counted files that are counted
	 * @param finished whether no job is left: each file is counted, or a dead letter
	 */
	record Progress(int counted, boolean finished) {
	}

	/**
	 * What it found.
	 *
	 * @param extension kind of file
	 * @param files how many
	 * @param lines in all of them
	 * @param words in all of them
	 */
	record Total(String extension, int files, long lines, long words) {
	}

}

package io.pgqrs.spring.boot.autoconfigure.documentation;

/**
 * A fenced block of code, or code in a comment that begins with "given:".
 *
 * @param line the line of the document on which the text begins
 * @param given whether readers have to imagine it
 */
record CodeBlock(String file, int line, String language, String text, boolean given) {

	/** A problem on a line of this block, which counts from 1. */
	Problem problem(long lineOfBlock, String message) {
		return new Problem(this.file, this.line + (int) Math.max(lineOfBlock, 1) - 1, message);
	}

}

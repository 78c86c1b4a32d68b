package io.pgqrs.spring.boot.autoconfigure.documentation;

/** Something that is not true in a document. */
record Problem(String file, int line, String message) {

	@Override
	public String toString() {
		return this.file + ":" + this.line + ": " + this.message;
	}

}

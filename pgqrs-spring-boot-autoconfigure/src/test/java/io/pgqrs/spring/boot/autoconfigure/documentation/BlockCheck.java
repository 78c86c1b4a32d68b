package io.pgqrs.spring.boot.autoconfigure.documentation;

import java.util.List;

/** What a block of one language has to be. */
@FunctionalInterface
interface BlockCheck {

	List<Problem> check(CodeBlock block) throws Exception;

}

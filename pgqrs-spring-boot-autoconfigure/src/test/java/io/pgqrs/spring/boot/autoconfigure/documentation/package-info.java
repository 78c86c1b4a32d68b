/**
 * What the documents show is true: each block of code is checked by its language, each
 * table of properties against the metadata. A block of Java is types, statements or
 * members, without package and the usual imports, and sees the types of the blocks before
 * it. What readers have to imagine is declared in a comment of the document,
 * {@code <!-- given: PgqrsOperations pgqrs; -->}: types, or members for statements and
 * members to use. The language {@code text}, or none, is for what cannot be wrong.
 */
@NullMarked
package io.pgqrs.spring.boot.autoconfigure.documentation;

import org.jspecify.annotations.NullMarked;

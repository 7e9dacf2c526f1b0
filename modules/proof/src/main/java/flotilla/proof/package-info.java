/**
 * What the tests of several rooms stand on. Rooms take it with scope {@code test}: no product code
 * knows it, and it knows none. {@link flotilla.proof.SmallDisk} shows the kind.
 */
@org.jspecify.annotations.NullMarked
package flotilla.proof;

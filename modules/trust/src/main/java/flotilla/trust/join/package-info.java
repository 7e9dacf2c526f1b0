/**
 * Joining: the machine that asks, and the one that answers. Nothing is sent before the machine that
 * answers has proved to be the one whose key the token names.
 */
@NullMarked
package flotilla.trust.join;

import org.jspecify.annotations.NullMarked;

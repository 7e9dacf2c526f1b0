/**
 * The article's whole story through the built {@code ./flotilla} and Debian's etcdctl, from nothing
 * to fail-over and back to nothing. Read {@link flotilla.conformance.story.StoryIT} first.
 */
@NullMarked
package flotilla.conformance.story;

import org.jspecify.annotations.NullMarked;

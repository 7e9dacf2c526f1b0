/**
 * The documents against what they describe: every command that README.md and docs/ show is run, and
 * what it prints compared. Knows the launcher and Markdown, nothing of what a command does. Read
 * {@code DocsReplayIT} first, then {@code Likeness}.
 */
@NullMarked
package flotilla.conformance.docs;

import org.jspecify.annotations.NullMarked;

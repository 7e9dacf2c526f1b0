/**
 * The command line: one class per command, each only reads its options, calls a room and prints.
 * Data goes to stdout, words to stderr; exit codes are 0 done, 1 failed, 2 wrong usage. Decides
 * nothing itself. Read {@link flotilla.cli.Flotilla} first.
 */
@NullMarked
package flotilla.cli;

import org.jspecify.annotations.NullMarked;

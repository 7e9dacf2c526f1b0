/**
 * What commands have in common: how the list of commands knows one, how one fails, and the options
 * of lists. Knows no command. Read {@link flotilla.cli.command.CommandEntry} first.
 */
@NullMarked
package flotilla.cli.command;

import org.jspecify.annotations.NullMarked;

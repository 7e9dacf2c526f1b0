/**
 * What commands would do anew at each call, done once per build: the pages of their help, and
 * classes in the form that a JVM starts fastest from. Knows commands only by what picocli says of
 * them. Read {@link flotilla.cli.start.CommandsJar} first.
 */
@NullMarked
package flotilla.cli.start;

import org.jspecify.annotations.NullMarked;

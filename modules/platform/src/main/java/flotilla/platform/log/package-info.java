/**
 * How processes log: set up from code, on stderr, for people or for machines. Knows the one logging
 * library; everybody else logs through slf4j. Read {@link flotilla.platform.log.Logging} first.
 */
@NullMarked
package flotilla.platform.log;

import org.jspecify.annotations.NullMarked;

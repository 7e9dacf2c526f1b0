/** What every room stands on: clock, disk, http, metrics, log set-up, json. Knows no room. */
@NullMarked
package flotilla.platform;

import org.jspecify.annotations.NullMarked;

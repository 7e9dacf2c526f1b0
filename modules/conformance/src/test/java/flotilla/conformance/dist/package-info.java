/**
 * The Debian packages, on hosts with a systemd of their own: installed, upgraded, removed. Knows
 * the product only as its user does. Read {@link flotilla.conformance.dist.PackageIT} first.
 */
@NullMarked
package flotilla.conformance.dist;

import org.jspecify.annotations.NullMarked;

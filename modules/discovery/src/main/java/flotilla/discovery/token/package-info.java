/**
 * The tokens and what was registered under them, as etcd's v2 keys with their indexes, TTLs and
 * events. Pure: an operation and the time go in, an outcome comes out; no disk, no HTTP, no clock.
 * Read {@link flotilla.discovery.token.TokenTree} first.
 */
@NullMarked
package flotilla.discovery.token;

import org.jspecify.annotations.NullMarked;

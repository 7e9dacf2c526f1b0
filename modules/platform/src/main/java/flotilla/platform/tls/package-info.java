/**
 * TLS for both ends of a connection, from the files that an operator names: who we are, whom we
 * trust, who is revoked, and who of the trusted may come. Files are read again when they change.
 * Knows no flag, and no protocol that is spoken over it. Read {@link
 * flotilla.platform.tls.ServerTls} first.
 */
@NullMarked
package flotilla.platform.tls;

import org.jspecify.annotations.NullMarked;

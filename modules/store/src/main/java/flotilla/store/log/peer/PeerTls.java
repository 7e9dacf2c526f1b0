package flotilla.store.log.peer;

import flotilla.platform.tls.ClientTls;
import flotilla.platform.tls.ServerTls;

/**
 * TLS between members, both ways: with it, none is talked to in plain text, whatever its URL says.
 *
 * @param accepting for connections that others open; says who may come
 * @param dialling for those that this member opens; the other one must be the host of its URL
 */
public record PeerTls(ServerTls accepting, ClientTls dialling) {}

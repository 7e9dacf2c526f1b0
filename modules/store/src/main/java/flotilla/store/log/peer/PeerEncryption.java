package flotilla.store.log.peer;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;

/**
 * Port: TLS between members, both ways. Asked anew for each connection, so certificates may change
 * meanwhile; who is let in is checked by the handler it makes.
 */
public interface PeerEncryption {
    /** For a connection that another member opened. */
    SslHandler accepting(Channel connection);

    /** For one that this member opens to a host, as its peer URL says it. */
    SslHandler dialling(Channel connection, String host, int port);
}

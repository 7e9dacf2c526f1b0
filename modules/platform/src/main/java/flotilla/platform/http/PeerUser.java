package flotilla.platform.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.jspecify.annotations.Nullable;

/** Whom the kernel names at the other end of a unix socket (unix(7), SO_PEERCRED). */
final class PeerUser {
    private static final ChannelOption<UnixDomainPrincipal> PEER =
            NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED);

    private PeerUser() {}

    /**
     * The user who connected; empty for one of another kind of socket, and for one that has gone.
     * May look a name up, so not for an event loop.
     */
    static String of(Channel channel) {
        if (!(channel instanceof NioDomainSocketChannel)) {
            return "";
        }
        try {
            @Nullable UnixDomainPrincipal peer = channel.config().getOption(PEER);
            return peer == null ? "" : peer.user().getName();
        } catch (ChannelException | UnsupportedOperationException e) {
            return "";
        }
    }
}

package flotilla.platform.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Looks whether a connection begins with TLS, and makes way for it. One that speaks plainly is told
 * so, in the words of Go's server, and closed; nothing of what it said goes further.
 */
final class FirstRecord extends ByteToMessageDecoder {
    /** A handshake's record (RFC 8446, 5.1): with it each connection begins. */
    private static final int HANDSHAKE = 22;

    private static final byte[] PLAIN_HTTP =
            String.join(
                            "\r\n",
                            "HTTP/1.0 400 Bad Request",
                            "Content-Type: text/plain; charset=utf-8",
                            "",
                            "Client sent an HTTP request to an HTTPS server.\n")
                    .getBytes(StandardCharsets.US_ASCII);

    private final ServerTls tls;

    FirstRecord(ServerTls tls) {
        this.tls = tls;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (in.getUnsignedByte(in.readerIndex()) == HANDSHAKE) {
            context.pipeline().addAfter(context.name(), null, tls.handler(context.channel()));
            context.pipeline().remove(this);
            return;
        }
        tls.refused(context.channel(), "it doesn't begin with a TLS handshake");
        in.skipBytes(in.readableBytes());
        context.channel().config().setAutoRead(false);
        context.writeAndFlush(Unpooled.wrappedBuffer(PLAIN_HTTP))
                .addListener(ChannelFutureListener.CLOSE);
    }
}

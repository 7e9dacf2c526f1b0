package flotilla.platform.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of one answer on their way from the event loop to the caller's thread. The socket is
 * read only when the caller has taken what came before, so a slow caller slows the server.
 */
final class Inbox extends SimpleChannelInboundHandler<HttpObject> {
    private final String what;
    private final Duration silenceMax;
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();

    /** What came. */
    sealed interface Piece {}

    record Head(int status, Map<String, String> headers) implements Piece {}

    record Part(byte[] bytes, boolean last) implements Piece {}

    record Broken(@Nullable Throwable cause) implements Piece {}

    Inbox(String what, Duration silenceMax) {
        this.what = what;
        this.silenceMax = silenceMax;
    }

    ReplyStream begin(Channel channel) throws IOException {
        Piece first = take(channel);
        if (first instanceof Head head) {
            return new ReplyStream(head, this, channel);
        }
        throw new IOException(what + ": the answer began without a head");
    }

    /** The next piece of the answer; blocks, at most as long as the server may be silent. */
    Piece take(Channel channel) throws IOException {
        Piece piece = pieces.poll();
        if (piece == null) {
            channel.read();
            piece = await();
        }
        if (piece == null) {
            throw new SocketTimeoutException(
                    what + ": no answer in " + silenceMax.toMillis() + " ms");
        }
        if (piece instanceof Broken broken) {
            String why =
                    broken.cause() == null
                            ? "the server closed the connection before its answer was whole"
                            : String.valueOf(broken.cause().getMessage());
            throw new IOException(what + ": " + why, broken.cause());
        }
        return piece;
    }

    private @Nullable Piece await() throws IOException {
        try {
            return pieces.poll(silenceMax.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(what + ": interrupted");
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
        if (!message.decoderResult().isSuccess()) {
            pieces.add(new Broken(message.decoderResult().cause()));
            return;
        }
        if (message instanceof HttpResponse response) {
            pieces.add(new Head(response.status().code(), Headers.byName(response.headers())));
        }
        if (message instanceof HttpContent content) {
            pieces.add(
                    new Part(
                            ByteBufUtil.getBytes(content.content()),
                            message instanceof LastHttpContent));
        }
    }

    /** A read that brought less than one piece (half a header) asks for more by itself. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (pieces.isEmpty()) {
            context.read();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        pieces.add(new Broken(null));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        pieces.add(new Broken(cause));
        var _ = context.close();
    }
}

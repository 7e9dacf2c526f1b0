package flotilla.store.log.peer;

import flotilla.platform.tls.ClientTls;
import flotilla.store.log.Introduction;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks at a peer URL who the members are: for one that is to join, and has no identity yet with
 * which to {@linkplain Hello greet}.
 */
public final class IntroductionRequest extends SimpleChannelInboundHandler<Parcel>
        implements Dialler.Caller {
    private static final PeerTimes TIMES = PeerTimes.DEFAULT;

    private final String url;
    private final CompletableFuture<Introduction> answer = new CompletableFuture<>();

    private IntroductionRequest(String url) {
        this.url = url;
    }

    /**
     * From any thread.
     *
     * @param tls null where members talk in plain text
     * @return fails with an {@link IOException} that says why there is no answer, soon
     */
    public static CompletableFuture<Introduction> ask(
            String url, EventLoop loop, @Nullable ClientTls tls) {
        IntroductionRequest request = new IntroductionRequest(url);
        Dialler dialler = new Dialler(loop, Thread::startVirtualThread, TIMES, tls);
        loop.execute(() -> dialler.dial(url, request));
        return request.answer;
    }

    @Override
    public void install(ChannelPipeline pipeline) {
        pipeline.addLast(
                new ReadTimeoutHandler(TIMES.handshake().toMillis(), TimeUnit.MILLISECONDS),
                new ParcelReader(_ -> {}),
                this);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        Dialled.write(context, new Parcel.Introduce());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Parcel parcel) {
        switch (parcel) {
            case Parcel.Introduced(Introduction introduction) -> answer.complete(introduction);
            case Parcel.Refusal refusal -> failed("it refuses to answer: " + refusal.reason());
            default -> throw new Malformed("a " + parcel.getClass().getSimpleName() + " came back");
        }
        var _ = context.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        failed(cause.getMessage() == null ? cause.toString() : cause.getMessage());
        var _ = context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        failed("it closed the connection without a word; does one side want TLS?");
    }

    @Override
    public void failed(String why) {
        answer.completeExceptionally(new IOException(url + ": " + why));
    }
}

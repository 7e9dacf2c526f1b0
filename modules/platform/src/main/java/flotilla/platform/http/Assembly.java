package flotilla.platform.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.io.ByteArrayOutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts the decoder's pieces together to requests. Belongs to the connection's event loop. */
final class Assembly {
    private final int bodyMax;
    private final BodyBudget budget;
    private @Nullable HttpRequest head;
    private long reserved;
    private ByteArrayOutputStream body = new ByteArrayOutputStream(0);

    /** What a piece led to. */
    sealed interface Step {}

    enum Wait implements Step {
        /** The head is complete; its body is to come. */
        BODY,
        /** More of the body is to come. */
        MORE,
        /** The client sends the body once it is told to. */
        CONTINUE
    }

    /**
     * @param reserved to be given back to the budget when the request is answered, in bytes
     */
    record Whole(Request request, boolean keepAlive, boolean http10, long reserved)
            implements Step {}

    /** Nothing that follows on this connection can be read. */
    record Refused(int status, String why) implements Step {}

    Assembly(int bodyMax, BodyBudget budget) {
        this.bodyMax = bodyMax;
        this.budget = budget;
    }

    Step take(HttpObject piece) {
        if (!piece.decoderResult().isSuccess()) {
            return unreadable(piece.decoderResult().cause());
        }
        try {
            return switch (piece) {
                case HttpRequest request -> begin(request);
                case HttpContent content -> add(content);
                default -> Wait.MORE;
            };
        } catch (BadRequest e) {
            return new Refused(e.status(), String.valueOf(e.getMessage()));
        }
    }

    private Step begin(HttpRequest request) {
        HeadRules.check(request, bodyMax);
        reserve(HttpUtil.getContentLength(request, 0L));
        head = request;
        body = new ByteArrayOutputStream(0);
        return HttpUtil.is100ContinueExpected(request) ? Wait.CONTINUE : Wait.BODY;
    }

    private void reserve(long more) {
        budget.take(reserved, more);
        reserved += more;
    }

    /** Gives back what the request under way has reserved: nothing more of it will come. */
    void abandon() {
        budget.giveBack(reserved);
        reserved = 0;
        body = new ByteArrayOutputStream(0);
    }

    private Step add(HttpContent content) {
        long size = (long) body.size() + content.content().readableBytes();
        if (size > bodyMax) {
            throw HeadRules.tooLarge(bodyMax);
        }
        reserve(Math.max(0, size - reserved));
        body.writeBytes(ByteBufUtil.getBytes(content.content()));
        if (!(content instanceof LastHttpContent)) {
            return Wait.MORE;
        }
        HttpRequest begun = Objects.requireNonNull(head, "a body follows its head");
        head = null;
        byte[] whole = body.toByteArray();
        body = new ByteArrayOutputStream(0);
        Request request = Requests.read(begun, whole);
        long held = reserved;
        reserved = 0;
        return new Whole(
                request,
                HttpUtil.isKeepAlive(begun),
                begun.protocolVersion().equals(HttpVersion.HTTP_1_0),
                held);
    }

    private static Refused unreadable(Throwable cause) {
        return switch (cause) {
            case BadRequest bad -> new Refused(bad.status(), String.valueOf(bad.getMessage()));
            case TooLongHttpLineException _ -> new Refused(414, "the request line is too long");
            case TooLongHttpHeaderException _ -> new Refused(431, "the headers are too long");
            default -> new Refused(400, "the request can't be read");
        };
    }
}

package flotilla.platform.http;

import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** The answer to HEAD: the headers that GET would have, and no body. */
final class HeadOnly extends DefaultFullHttpResponse {
    HeadOnly(HttpResponseStatus status) {
        super(HttpVersion.HTTP_1_1, status);
    }

    /** Netty's encoder, told that nothing follows such a head, not even an end mark. */
    static final class Encoder extends HttpResponseEncoder {
        @Override
        protected boolean isContentAlwaysEmpty(HttpResponse response) {
            return response instanceof HeadOnly || super.isContentAlwaysEmpty(response);
        }
    }
}

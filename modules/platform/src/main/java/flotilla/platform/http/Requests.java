package flotilla.platform.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Netty's requests as {@link Request}s. */
final class Requests {
    private Requests() {}

    /**
     * @throws IllegalArgumentException for a target that can't be decoded
     */
    static Request read(FullHttpRequest message) {
        QueryStringDecoder target = new QueryStringDecoder(message.uri());
        String path = target.path();
        Map<String, List<String>> query = new LinkedHashMap<>(target.parameters());
        return new Request(
                message.method().name().toUpperCase(Locale.ROOT),
                path.startsWith("/") ? path : "/" + path,
                query,
                Headers.byName(message.headers()),
                ByteBufUtil.getBytes(message.content()));
    }
}

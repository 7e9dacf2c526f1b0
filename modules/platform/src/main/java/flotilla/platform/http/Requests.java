package flotilla.platform.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Netty's requests as {@link Request}s. */
final class Requests {
    private Requests() {}

    /**
     * @throws BadRequest for a target that can't be decoded
     */
    static Request read(HttpRequest head, byte[] body) {
        Map<String, String> headers = Headers.byName(head.headers());
        String target = head.uri();
        if (target.regionMatches(true, 0, "http", 0, 4)) {
            // The absolute form: its host stands for the header's (RFC 9112, 3.2.2).
            int host = target.indexOf("//") + 2;
            int slash = target.indexOf('/', host);
            int end = slash < 0 ? target.length() : slash;
            headers.put(
                    HttpHeaderNames.HOST.toString(),
                    target.substring(host, end).toLowerCase(Locale.ROOT));
            target = slash < 0 ? "/" : target.substring(slash);
        }
        try {
            QueryStringDecoder decoder = new QueryStringDecoder(target);
            String path = decoder.path();
            Map<String, List<String>> query = new LinkedHashMap<>(decoder.parameters());
            return new Request(head.method().name(), path, query, headers, body);
        } catch (IllegalArgumentException e) {
            throw new BadRequest(400, "the request's target can't be decoded");
        }
    }
}

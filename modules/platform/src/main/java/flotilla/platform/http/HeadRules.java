package flotilla.platform.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.regex.Pattern;

/** What a readable head must also keep to, before its body is read (RFC 9110 and 9112). */
final class HeadRules {
    /** A name or an address, perhaps with a port; empty is allowed (RFC 9112, 3.2). */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._~%!$&'()*+,;=:\\[\\]-]*");

    /** A path, or the absolute form that is sent to proxies. */
    private static final Pattern TARGET =
            Pattern.compile("(?:https?://[^/?#]*)?(?:/[^#\\x00-\\x20\\x7f]*)?");

    private HeadRules() {}

    /**
     * @param bodyMax the longest body that will be read, in bytes
     * @throws BadRequest when one is broken
     */
    static void check(HttpRequest head, int bodyMax) {
        checkTarget(head);
        checkHost(head);
        checkCoding(head);
        checkExpectation(head);
        if (HttpUtil.getContentLength(head, 0L) > bodyMax) {
            throw tooLarge(bodyMax);
        }
    }

    static BadRequest tooLarge(int bodyMax) {
        return new BadRequest(413, "the body is longer than " + bodyMax + " bytes");
    }

    private static void checkTarget(HttpRequest head) {
        boolean server = head.uri().equals("*") && head.method().equals(HttpMethod.OPTIONS);
        if (!server && (head.uri().isEmpty() || !TARGET.matcher(head.uri()).matches())) {
            throw new BadRequest(400, "the request's target must be a path");
        }
    }

    private static void checkHost(HttpRequest head) {
        List<String> hosts = head.headers().getAll(HttpHeaderNames.HOST);
        boolean required = !head.protocolVersion().equals(HttpVersion.HTTP_1_0);
        if (hosts.isEmpty() && required) {
            throw new BadRequest(400, "missing required Host header");
        }
        if (hosts.size() > 1) {
            throw new BadRequest(400, "too many Host headers");
        }
        if (!hosts.isEmpty() && !HOST.matcher(hosts.getFirst()).matches()) {
            throw new BadRequest(400, "malformed Host header");
        }
    }

    private static void checkCoding(HttpRequest head) {
        HttpHeaders headers = head.headers();
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (codings.isEmpty()) {
            return;
        }
        if (head.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            throw new BadRequest(400, "HTTP/1.0 knows no Transfer-Encoding");
        }
        if (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
            throw new BadRequest(501, "the only Transfer-Encoding here is chunked");
        }
    }

    private static void checkExpectation(HttpRequest head) {
        String expected = head.headers().get(HttpHeaderNames.EXPECT);
        if (expected != null && !expected.equalsIgnoreCase("100-continue")) {
            throw new BadRequest(417, "the only expectation met here is 100-continue");
        }
    }
}

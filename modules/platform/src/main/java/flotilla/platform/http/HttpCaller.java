package flotilla.platform.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/**
 * Asks one HTTP server, over TCP, TLS or a unix socket. Calls block; each has a connection of its
 * own. An interrupt ends a call with {@link InterruptedIOException}, the interrupt kept. An {@link
 * IOException} after the request was sent leaves open whether the server acted on it.
 */
public final class HttpCaller implements AutoCloseable {
    /** Longest answer {@link #call} takes, in bytes; streams have no such limit. */
    static final int BODY_MAX_BYTES = 64 * 1024 * 1024;

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /** The longest wait for a connection; shorter when the call's timeout is. */
    private static final Duration CONNECT_MAX = Duration.ofSeconds(10);

    private final URI endpoint;
    private final Set<Wire> calls;
    private final Duration timeout;
    private final Way way;

    /**
     * How the server is spoken to.
     *
     * @param via where to connect; empty: to the endpoint itself
     */
    private record Way(Optional<SSLContext> tls, Optional<SocketAddress> via) {}

    private HttpCaller(URI endpoint, Set<Wire> calls, Duration timeout, Way way) {
        this.endpoint = endpoint;
        this.calls = calls;
        this.timeout = timeout;
        this.way = way;
    }

    /**
     * @param endpoint {@code http://host:port}, {@code https://host:port} (with the JDK's trust
     *     store) or {@code unix:///path/to/socket}; a path after the host stands before every
     *     target
     * @throws IllegalArgumentException for any other URI
     */
    public static HttpCaller to(URI endpoint) {
        String scheme = endpoint.getScheme();
        boolean tcp = "http".equals(scheme) || "https".equals(scheme);
        if (!(tcp && endpoint.getHost() != null)
                && !("unix".equals(scheme) && endpoint.getPath() != null)) {
            throw new IllegalArgumentException(
                    "endpoint " + endpoint + " is neither http(s)://host:port nor unix:///path");
        }
        return new HttpCaller(
                endpoint,
                ConcurrentHashMap.newKeySet(),
                DEFAULT_TIMEOUT,
                new Way(Optional.empty(), Optional.empty()));
    }

    /**
     * The same with another timeout: the longest silence of the server, 30 s when never said. It
     * shares this one's calls: close either, once.
     */
    public HttpCaller timeout(Duration silence) {
        return new HttpCaller(endpoint, calls, silence, way);
    }

    /** The same, with other words on whom to trust and what to show; shares calls as well. */
    public HttpCaller tls(SSLContext context) {
        return new HttpCaller(endpoint, calls, timeout, new Way(Optional.of(context), way.via()));
    }

    /**
     * The same by a detour: what listens there brings every byte to the endpoint. What is said to
     * the server, and whom TLS expects, stays as it is; shares calls as well.
     */
    public HttpCaller via(SocketAddress detour) {
        return new HttpCaller(endpoint, calls, timeout, new Way(way.tls(), Optional.of(detour)));
    }

    public Reply get(String target) throws IOException {
        return call("GET", target, Map.of(), new byte[0]);
    }

    public Reply delete(String target) throws IOException {
        return call("DELETE", target, Map.of(), new byte[0]);
    }

    public Reply putJson(String target, String json) throws IOException {
        return call("PUT", target, JSON, json.getBytes(StandardCharsets.UTF_8));
    }

    public Reply postJson(String target, String json) throws IOException {
        return call("POST", target, JSON, json.getBytes(StandardCharsets.UTF_8));
    }

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    /**
     * @param target path and query, encoded, beginning with a slash
     * @throws java.net.SocketTimeoutException when the server is silent for too long
     */
    public Reply call(String method, String target, Map<String, String> headers, byte[] body)
            throws IOException {
        try (ReplyStream reply = open(method, target, headers, body)) {
            return new Reply(reply.status(), reply.headers(), reply.readAll(BODY_MAX_BYTES));
        }
    }

    /** As {@link #call}, and returns as soon as the headers are there; close the stream. */
    public ReplyStream open(String method, String target, Map<String, String> headers, byte[] body)
            throws IOException {
        return open(method, target, headers, RequestBody.of(body));
    }

    /** The same of a body that is made as it is sent. */
    public ReplyStream open(
            String method, String target, Map<String, String> headers, RequestBody body)
            throws IOException {
        String what = method + " " + endpoint + target;
        boolean opened = false;
        Runnable hangUp = () -> {};
        try {
            Wire wire = Wire.connect(address(), shorter(CONNECT_MAX, timeout), timeout);
            hangUp = () -> hangUp(wire);
            calls.add(wire);
            Socket secured =
                    endpoint.getScheme().equals("https")
                            ? wire.tls(context(), bareHost(), port())
                            : null;
            OutputStream out = secured == null ? wire.out() : secured.getOutputStream();
            out.write(head(method, target, headers, body.bytes()));
            body.writeTo(out);
            out.flush();
            InputStream in =
                    new BufferedInputStream(secured == null ? wire.in() : secured.getInputStream());
            ReplyStream stream = new ReplyStream(what, ReplyReader.begin(in, method), hangUp);
            opened = true;
            return stream;
        } catch (IOException e) {
            throw failed(what, e);
        } finally {
            if (!opened) {
                hangUp.run();
            }
        }
    }

    private SSLContext context() throws IOException {
        try {
            return way.tls().isPresent() ? way.tls().get() : SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("this JDK has no TLS", e);
        }
    }

    private void hangUp(Wire wire) {
        calls.remove(wire);
        wire.close();
    }

    /** The same failure, and what was asked; those that callers tell apart keep their types. */
    static IOException failed(String what, IOException e) {
        String words = what + ": " + e.getMessage();
        return switch (e) {
            case SocketTimeoutException _ -> caused(new SocketTimeoutException(words), e);
            case InterruptedIOException _ -> caused(new InterruptedIOException(words), e);
            default -> new IOException(words, e);
        };
    }

    private static IOException caused(IOException failure, IOException cause) {
        failure.initCause(cause);
        return failure;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private byte[] head(String method, String target, Map<String, String> headers, long bodyBytes) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Host", host());
        fields.put("Connection", "close");
        fields.putAll(headers);
        if (bodyBytes > 0 || !method.equals("GET")) {
            fields.put("Content-Length", Long.toString(bodyBytes));
        }
        StringBuilder head = new StringBuilder();
        head.append(method).append(' ').append(path(target)).append(" HTTP/1.1\r\n");
        fields.forEach((name, value) ->
                head.append(line(name)).append(": ").append(line(value)).append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A line end in a field would begin another one. */
    private static String line(String text) {
        if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("a header with a line end in it: " + text);
        }
        return text;
    }

    private String path(String target) {
        String base = endpoint.getScheme().equals("unix") ? "" : path();
        String path = line(base + target);
        return path.startsWith("/") ? path : "/" + path;
    }

    private SocketAddress address() throws IOException {
        if (way.via().isPresent()) {
            return way.via().get();
        }
        if (endpoint.getScheme().equals("unix")) {
            return UnixDomainSocketAddress.of(endpoint.getPath());
        }
        InetSocketAddress address = new InetSocketAddress(bareHost(), port());
        if (address.isUnresolved()) {
            throw new IOException("can't find the address of host " + endpoint.getHost());
        }
        return address;
    }

    private String bareHost() {
        return endpoint.getHost().replaceAll("^\\[|]$", "");
    }

    private int port() {
        int standard = endpoint.getScheme().equals("https") ? 443 : 80;
        return endpoint.getPort() < 0 ? standard : endpoint.getPort();
    }

    private String host() {
        return endpoint.getScheme().equals("unix") ? "localhost" : endpoint.getRawAuthority();
    }

    private String path() {
        String path = endpoint.getRawPath() == null ? "" : endpoint.getRawPath();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** Cuts the calls that run. */
    @Override
    public void close() {
        calls.forEach(Wire::close);
        calls.clear();
    }
}

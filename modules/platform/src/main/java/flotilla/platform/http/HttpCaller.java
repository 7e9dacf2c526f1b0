package flotilla.platform.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

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
    private final EventLoopGroup loop;
    private final Duration timeout;

    private HttpCaller(URI endpoint, EventLoopGroup loop, Duration timeout) {
        this.endpoint = endpoint;
        this.loop = loop;
        this.timeout = timeout;
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
                new MultiThreadIoEventLoopGroup(
                        1,
                        new DefaultThreadFactory("http-caller", true),
                        NioIoHandler.newFactory()),
                DEFAULT_TIMEOUT);
    }

    /**
     * The same with another timeout: the longest silence of the server, 30 s when never said. It
     * shares this one's thread: close either, once.
     */
    public HttpCaller timeout(Duration silence) {
        return new HttpCaller(endpoint, loop, silence);
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
        String what = method + " " + endpoint + target;
        Inbox inbox = new Inbox(what, timeout);
        Channel channel = connect(what, inbox);
        boolean opened = false;
        try {
            // A failed write also breaks the connection, and the inbox tells.
            var _ = channel.writeAndFlush(request(method, target, headers, body));
            ReplyStream stream = inbox.begin(channel);
            opened = true;
            return stream;
        } finally {
            if (!opened) {
                var _ = channel.close();
            }
        }
    }

    private FullHttpRequest request(
            String method, String target, Map<String, String> headers, byte[] body) {
        String base = endpoint.getScheme().equals("unix") ? "" : path();
        String path = (base + target).startsWith("/") ? base + target : "/" + base + target;
        FullHttpRequest request =
                new DefaultFullHttpRequest(
                        HttpVersion.HTTP_1_1,
                        HttpMethod.valueOf(method),
                        path,
                        Unpooled.wrappedBuffer(body));
        request.headers().set(HttpHeaderNames.HOST, host());
        request.headers().set(HttpHeaderNames.CONNECTION, "close");
        headers.forEach((name, value) -> request.headers().set(name, value));
        if (body.length > 0 || !method.equals("GET")) {
            request.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        }
        return request;
    }

    private Channel connect(String what, Inbox inbox) throws IOException {
        boolean unix = endpoint.getScheme().equals("unix");
        long patienceMillis = Math.min(timeout.toMillis(), CONNECT_MAX.toMillis());
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channel(unix ? NioDomainSocketChannel.class : NioSocketChannel.class)
                        .option(ChannelOption.AUTO_READ, false)
                        .handler(pipeline(inbox));
        if (!unix) {
            bootstrap.option(
                    ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.max(1, patienceMillis));
        }
        var connecting = bootstrap.connect(address());
        try {
            connecting.await();
        } catch (InterruptedException e) {
            connecting.cancel(true);
            var _ = connecting.channel().close();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(what + ": interrupted");
        }
        if (!connecting.isSuccess()) {
            Throwable cause = connecting.cause();
            throw new IOException(what + ": " + cause.getMessage(), cause);
        }
        return connecting.channel();
    }

    private ChannelInitializer<Channel> pipeline(Inbox inbox) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) throws Exception {
                if (endpoint.getScheme().equals("https")) {
                    channel.pipeline().addLast(tls());
                }
                channel.pipeline().addLast(new HttpClientCodec(), inbox);
            }
        };
    }

    private SslHandler tls() throws NoSuchAlgorithmException {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine(endpoint.getHost(), port());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return new SslHandler(engine);
    }

    private SocketAddress address() throws IOException {
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
        var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}

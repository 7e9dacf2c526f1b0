package flotilla.platform.http;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One HTTP request, read whole.
 *
 * @param method upper case
 * @param path decoded, without the query; begins with a slash
 * @param query decoded parameters of the query, in order of first appearance
 * @param headers by lower-case name
 * @param body at most as many bytes as the server allows
 * @param client the IP address it came from; empty for one of a unix socket
 * @param user who is at the other end of a unix socket, as the kernel says; empty elsewhere, and
 *     for one that has gone. Asking may look a name up
 * @param certificate whom it is from, where TLS has proved that; empty where nothing was shown
 * @param gone whether nobody waits for the answer any more; to be asked from any thread
 */
public record Request(
        String method,
        String path,
        Map<String, List<String>> query,
        Map<String, String> headers,
        byte[] body,
        String client,
        Supplier<String> user,
        Optional<X509Certificate> certificate,
        BooleanSupplier gone) {
    /** One of nobody's in particular. */
    public Request(
            String method,
            String path,
            Map<String, List<String>> query,
            Map<String, String> headers,
            byte[] body) {
        this(method, path, query, headers, body, "", () -> "", Optional.empty(), () -> false);
    }

    /** The same, of a client at this address, which may go. */
    Request from(
            SocketAddress address,
            Supplier<String> peer,
            Optional<X509Certificate> shown,
            BooleanSupplier goes) {
        String host =
                address instanceof InetSocketAddress ip && ip.getAddress() != null
                        ? ip.getAddress().getHostAddress()
                        : "";
        return new Request(method, path, query, headers, body, host, peer, shown, goes);
    }

    /** The same, of whom somebody knows better who it is. */
    public Request by(String name) {
        return new Request(
                method, path, query, headers, body, client, () -> name, certificate, gone);
    }

    public Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name)).map(List::getFirst);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}

package flotilla.trust.join;

import flotilla.platform.json.Json;
import flotilla.trust.authority.OwnKey;
import flotilla.trust.token.JoinToken;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * Has this machine join a cluster by a token, and renew what it was given. Either may be repeated:
 * the key is kept, and the cluster knows it again, so an answer that was lost costs nothing.
 */
public final class Joiner {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(10);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

    private final CredentialFiles files;

    public Joiner(CredentialFiles files) {
        this.files = files;
    }

    /**
     * Who this machine is.
     *
     * @param id machine-id(5)
     * @param name its host name
     * @param addresses at which it answers others
     */
    public record Self(String id, String name, List<String> addresses) {
        public Self {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * Asks a machine that signs, and keeps what it is given. Blocks.
     *
     * @param signer {@code https://HOST:PORT}
     * @throws JoinException when it was refused, with the reason
     * @throws IOException when there was no answer: the machine may be in or not; ask again
     */
    public Credentials join(URI signer, JoinToken token, Self self)
            throws IOException, InterruptedException {
        OwnKey key = files.ownKey();
        return ask(
                signer.resolve("/v1/join"),
                token::names,
                new JoinBody(
                        token.text(), self.id(), self.name(), self.addresses(), key.request()));
    }

    /**
     * Has the certificates that {@link #join} brought followed by others, for the same key. Blocks.
     *
     * @param signer {@code https://HOST:PORT}
     * @throws JoinException when it was refused, with the reason
     * @throws IOException when there was no answer; ask again
     */
    public Credentials renew(URI signer, Self self) throws IOException, InterruptedException {
        byte[] authority = files.authorityKey();
        return ask(
                signer.resolve("/v1/renew"),
                key -> Arrays.equals(key, authority),
                new RenewBody(
                        Files.readString(files.machine()),
                        self.name(),
                        self.addresses(),
                        files.ownKey().request()));
    }

    private Credentials ask(URI what, Predicate<byte[]> authorities, Object body)
            throws IOException, InterruptedException {
        try (HttpClient http =
                HttpClient.newBuilder()
                        .sslContext(trusting(authorities))
                        .connectTimeout(CONNECT_MAX)
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(what)
                                    .timeout(ANSWER_MAX)
                                    .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw refused(answer);
            }
            Credentials credentials = Json.read(answer.body(), Credentials.class);
            files.keep(credentials);
            return credentials;
        } catch (Json.JsonException e) {
            throw new IOException(what + " answers what can't be read: " + e.getMessage(), e);
        }
    }

    private static IOException refused(HttpResponse<String> answer) {
        Map<String, ?> said = Json.readObject(answer.body());
        String words = String.valueOf(said.get("error"));
        return answer.statusCode() == 503 ? new IOException(words) : new JoinException(words);
    }

    private static SSLContext trusting(Predicate<byte[]> authorities) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new PinnedTrust(authorities)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }
}

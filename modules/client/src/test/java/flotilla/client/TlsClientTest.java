package flotilla.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.platform.tls.TlsFiles;
import flotilla.protocol.Member;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against the original etcd, encrypted. */
class TlsClientTest {
    @TempDir Path directory;

    @Test
    void a_store_whose_certificate_we_trust_is_asked_and_watched() throws Exception {
        try (RealEtcd etcd = RealEtcd.startWithTls(directory);
                EtcdClient client = etcd.client()) {
            long revision = client.put("/a", "one");

            assertThat(client.get("/a").orElseThrow().getModRevision()).isEqualTo(revision);
        }
    }

    @Test
    void a_store_that_nobody_vouches_for_is_not_asked_and_the_reason_is_said() throws Exception {
        try (RealEtcd etcd = RealEtcd.startWithTls(directory);
                EtcdClient stranger =
                        EtcdClient.connect(
                                ClientConfig.of(etcd.endpoint())
                                        .withRequestTimeout(Duration.ofSeconds(2)))) {
            assertThatThrownBy(() -> stranger.put("/a", "one"))
                    .isInstanceOf(EtcdClientException.Unavailable.class)
                    .hasMessageContaining("TLS: ")
                    .hasMessageContaining("look at the certificates of both sides");
        }
    }

    @Test
    void files_that_can_t_be_used_are_named_before_anybody_is_asked() {
        Path none = directory.resolve("ca.pem");
        assertThatThrownBy(() -> ClientConfig.of("https://a:2379").withTls(RealEtcd.trusting(none)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(none + " does not exist");
    }

    @Test
    void who_was_told_of_encrypted_endpoints_alone_never_goes_to_plain_ones() throws Exception {
        Member both =
                Member.newBuilder()
                        .addClientURLs("http://b:2379")
                        .addClientURLs("https://b:2379")
                        .build();
        ClientConfig plain = ClientConfig.of("http://a");
        ClientConfig mixed = ClientConfig.of(List.of("http://a", "https://a"));

        assertThat(ClientConfig.of("https://a").endpointsOf(both))
                .containsExactly("https://b:2379");
        assertThat(plain.endpointsOf(both)).containsExactly("http://b:2379");
        assertThat(mixed.withTls(TlsFiles.NONE).endpointsOf(both)).hasSize(2);
        assertThatThrownBy(() -> ClientConfig.of("ftp://a")).hasMessageContaining("https://");
    }
}

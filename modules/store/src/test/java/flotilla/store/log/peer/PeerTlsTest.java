package flotilla.store.log.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import flotilla.platform.Clock;
import flotilla.platform.tls.ClientTls;
import flotilla.platform.tls.SelfSigned;
import flotilla.platform.tls.ServerTls;
import flotilla.platform.tls.TlsFiles;
import flotilla.platform.tls.TlsOptions;
import flotilla.platform.tls.TlsRules;
import flotilla.store.log.Membership;
import flotilla.store.log.Membership.Peer;
import flotilla.store.log.Transport.Unsent;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that share a certificate, and believe nobody else. */
class PeerTlsTest {
    private static final SampleMessages SAMPLES = new SampleMessages(1, 2);

    @TempDir private Path folder;

    private final List<Peer> peers =
            TestMember.peers(1, 2).stream()
                    .map(peer ->
                            new Peer(
                                    peer.id(),
                                    peer.name(),
                                    List.of(peer.peerUrls().getFirst().replace("http:", "https:"))))
                    .toList();

    private PeerTls tls(String name) throws IOException {
        TlsFiles own = SelfSigned.in(folder.resolve(name), List.of("127.0.0.1"), 1, Clock.system());
        TlsFiles files =
                new TlsFiles(own.certificate(), own.key(), own.certificate(), Optional.empty());
        return new PeerTls(
                ServerTls.open(TlsOptions.of(files, TlsRules.MUTUAL), List.of()),
                ClientTls.open(TlsOptions.of(files, TlsRules.PLAIN), List.of()));
    }

    private TestMember member(long id, PeerTls tls) throws IOException {
        return TestMember.start(
                new Membership(TestMember.CLUSTER, id, peers), config -> config.with(tls));
    }

    @Test
    void all_that_members_say_goes_over_tls() throws IOException {
        PeerTls tls = tls("both");
        try (TestMember one = member(1, tls);
                TestMember two = member(2, tls)) {
            MemoryArriving arriving = new MemoryArriving();
            two.inbox().shelf(_ -> arriving);
            MemoryStored stored = new MemoryStored(3_000_000, 0, 7);
            SAMPLES.table().forEach(one.transport()::send);

            assertThat(one.transport().ask(2, PeerRequest.getDefaultInstance()))
                    .succeedsWithin(Duration.ofSeconds(20))
                    .isEqualTo(PeerReply.getDefaultInstance());
            assertThat(one.transport().send(2, 6, stored)).succeedsWithin(Duration.ofSeconds(20));

            await().until(() -> two.inbox().messages().size() == SAMPLES.table().size() + 1);
            assertThat(two.inbox().messages()).containsAll(SAMPLES.table());
            assertThat(arriving.bytes()).isEqualTo(stored.totalBytes());
        }
    }

    @Test
    void who_has_another_certificate_is_neither_let_in_nor_believed() throws IOException {
        try (TestMember one = member(1, tls("one"));
                TestMember two = member(2, tls("other"))) {
            assertApart(one, two);
            assertThatThrownBy(() ->
                            one.transport()
                                    .ask(2, PeerRequest.getDefaultInstance())
                                    .get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(Unsent.class)
                    .hasMessageContaining("TLS with it failed");
        }
    }

    @Test
    void who_speaks_plainly_is_neither_let_in_nor_listened_to() throws IOException {
        List<Peer> plain =
                peers.stream()
                        .map(peer ->
                                new Peer(
                                        peer.id(),
                                        peer.name(),
                                        List.of(
                                                peer.peerUrls()
                                                        .getFirst()
                                                        .replace("https:", "http:"))))
                        .toList();
        try (TestMember one = member(1, tls("one"));
                TestMember two = TestMember.start(2, plain)) {
            assertApart(one, two);
        }
    }

    private static void assertApart(TestMember one, TestMember two) {
        one.transport().send(SAMPLES.heartbeat(1));
        two.transport().send(new SampleMessages(2, 1).heartbeat(1));
        await().until(() -> one.inbox().unreachable().contains(2L));
        await().until(() -> two.inbox().unreachable().contains(1L));

        assertThat(one.transport().reachedSince(2)).isEmpty();
        assertThat(two.transport().reachedSince(1)).isEmpty();
        assertThat(one.inbox().messages()).isEmpty();
        assertThat(two.inbox().messages()).isEmpty();
    }

    @Test
    void a_plain_connection_is_told_that_tls_is_spoken_here() throws IOException {
        try (TestMember one = member(1, tls("one"));
                Socket plain =
                        new Socket(
                                one.transport().address().getAddress(),
                                one.transport().address().getPort())) {
            plain.setSoTimeout(20_000);
            plain.getOutputStream().write(new byte[20]);

            byte[] answer = plain.getInputStream().readAllBytes();

            assertThat(new String(answer, StandardCharsets.US_ASCII)).contains("HTTPS");
            await().until(() -> one.transport().connections() == 0);
        }
    }

    @Test
    void a_url_that_wants_tls_is_not_dialled_without() throws IOException {
        try (TestMember one = TestMember.start(1, peers);
                TestMember two = member(2, tls("two"))) {
            assertThatThrownBy(() ->
                            one.transport()
                                    .ask(2, PeerRequest.getDefaultInstance())
                                    .get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(Unsent.class)
                    .hasMessageContaining("wants TLS");
            assertThat(two.inbox().messages()).isEmpty();
        }
    }
}

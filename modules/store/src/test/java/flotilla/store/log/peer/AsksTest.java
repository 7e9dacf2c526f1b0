package flotilla.store.log.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import flotilla.store.log.Membership;
import flotilla.store.log.Membership.Peer;
import flotilla.store.log.Transport.Unsent;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AsksTest {
    private static final PeerTimes HASTY =
            new PeerTimes(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(300),
                    Duration.ofSeconds(5));

    private final List<Peer> peers = TestMember.peers(1, 2);

    private static PeerRequest request(int bytes) {
        return PeerRequest.newBuilder().setQuestion(ByteString.copyFrom(new byte[bytes])).build();
    }

    private static PeerReply reply(long index) {
        return PeerReply.newBuilder().setRefusal("" + index).build();
    }

    private TestMember hasty(int questions) throws IOException {
        PeerLimits limits = new PeerLimits(64 << 20, 1 << 20, questions, 64);
        return TestMember.start(
                new Membership(TestMember.CLUSTER, 1, peers),
                config -> config.with(HASTY).with(limits));
    }

    @Test
    void each_question_gets_its_own_answer() throws Exception {
        try (TestMember one = TestMember.start(1, peers);
                TestMember two = TestMember.start(2, peers)) {
            two.inbox()
                    .answerWith(asked ->
                            CompletableFuture.supplyAsync(() -> reply(asked.getSerializedSize())));
            List<CompletableFuture<PeerReply>> answers =
                    List.of(
                            one.transport().ask(2, request(1)),
                            one.transport().ask(2, request(3 << 20)),
                            one.transport().ask(2, request(100)));

            assertThat(answers.get(0).get(10, TimeUnit.SECONDS))
                    .isEqualTo(reply(request(1).getSerializedSize()));
            assertThat(answers.get(1).get(10, TimeUnit.SECONDS))
                    .isEqualTo(reply(request(3 << 20).getSerializedSize()));
            assertThat(answers.get(2).get(10, TimeUnit.SECONDS))
                    .isEqualTo(reply(request(100).getSerializedSize()));
        }
    }

    @Test
    void a_question_to_a_member_that_is_down_was_certainly_not_sent() throws IOException {
        try (TestMember one = TestMember.start(1, peers)) {
            assertThatThrownBy(() -> one.transport().ask(2, request(1)).get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(Unsent.class)
                    .hasMessageContaining("nothing was sent to member 2");
        }
    }

    @Test
    void a_question_to_nobody_was_certainly_not_sent() throws IOException {
        try (TestMember one = TestMember.start(1, peers)) {
            assertThatThrownBy(() -> one.transport().ask(3, request(1)).get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(Unsent.class);
        }
    }

    @Test
    void a_question_that_is_too_large_was_certainly_not_sent() throws IOException {
        try (TestMember one = TestMember.start(1, peers)) {
            PeerRequest large = request(Kind.Lane.ORDERED.parcelBytesMax());
            assertThatThrownBy(() -> one.transport().ask(2, large).get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(Unsent.class);
        }
    }

    @Test
    void the_fate_of_a_question_is_unknown_when_the_connection_breaks() throws IOException {
        try (TestMember one = TestMember.start(1, peers)) {
            TestMember two = TestMember.start(2, peers);
            AtomicInteger asked = new AtomicInteger();
            two.inbox()
                    .answerWith(_ -> {
                        asked.incrementAndGet();
                        return new CompletableFuture<>();
                    });
            CompletableFuture<PeerReply> answer = one.transport().ask(2, request(1));
            await().until(() -> asked.get() == 1);

            two.close();

            assertUnknown(answer);
            assertThatThrownBy(answer::get).hasMessageContaining("the connection broke");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_fate_of_a_question_is_unknown_when_either_sides_connection_breaks(boolean forth)
            throws IOException {
        Peer first = peers.getFirst();
        Peer second = peers.getLast();
        try (Proxy way = new Proxy(port(forth ? second : first))) {
            Peer behind = new Peer(forth ? 2 : 1, "behind", List.of(way.url()));
            try (TestMember one = TestMember.start(1, forth ? List.of(first, behind) : peers);
                    TestMember two = TestMember.start(2, forth ? peers : List.of(behind, second))) {
                await().until(() -> two.transport().reachedSince(1).isPresent());
                await().until(() -> one.transport().reachedSince(2).isPresent());
                AtomicInteger asked = new AtomicInteger();
                two.inbox()
                        .answerWith(_ -> {
                            asked.incrementAndGet();
                            return new CompletableFuture<>();
                        });
                CompletableFuture<PeerReply> answer = one.transport().ask(2, request(1));
                await().until(() -> asked.get() == 1);

                way.cut();

                assertUnknown(answer);
                assertThatThrownBy(answer::get).hasMessageContaining("the connection broke");
            }
        }
    }

    private static int port(Peer peer) {
        String url = peer.peerUrls().getFirst();
        return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
    }

    @Test
    void the_fate_of_a_question_is_unknown_when_no_answer_comes_in_time() throws IOException {
        try (TestMember one = hasty(100);
                TestMember two = TestMember.start(2, peers)) {
            CompletableFuture<PeerReply> never = new CompletableFuture<>();
            two.inbox().answerWith(_ -> never);

            assertUnknown(one.transport().ask(2, request(1)));

            // An answer that comes too late is taken for nobody's.
            never.complete(reply(1));
            two.inbox().answerWith(_ -> CompletableFuture.completedFuture(reply(2)));
            assertThat(one.transport().ask(2, request(1)))
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isEqualTo(reply(2));
        }
    }

    @Test
    void a_question_that_can_not_be_answered_says_why() throws IOException {
        try (TestMember one = TestMember.start(1, peers);
                TestMember two = TestMember.start(2, peers)) {
            two.inbox()
                    .answerWith(_ ->
                            CompletableFuture.failedFuture(new IOException("the disk is full")));
            CompletableFuture<PeerReply> failed = one.transport().ask(2, request(1));
            assertUnknown(failed);
            assertThatThrownBy(failed::get).hasMessageContaining("the disk is full");

            two.inbox()
                    .answerWith(_ -> {
                        throw new IllegalStateException("a bug");
                    });
            assertUnknown(one.transport().ask(2, request(1)));
        }
    }

    @Test
    void questions_beyond_the_limit_are_not_sent() throws IOException {
        try (TestMember one = hasty(3);
                TestMember two = TestMember.start(2, peers)) {
            await().until(() -> one.transport().reachedSince(2).isPresent());
            two.inbox().answerWith(_ -> new CompletableFuture<>());
            List<CompletableFuture<PeerReply>> asked =
                    List.of(
                            one.transport().ask(2, request(1)),
                            one.transport().ask(2, request(1)),
                            one.transport().ask(2, request(1)));

            assertThatThrownBy(() -> one.transport().ask(2, request(1)).get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(Unsent.class)
                    .hasMessageContaining("3 questions wait");
            asked.forEach(AsksTest::assertUnknown);
        }
    }

    @Test
    void closing_fails_what_is_still_asked() throws IOException {
        TestMember one = TestMember.start(1, peers);
        try (TestMember two = TestMember.start(2, peers)) {
            AtomicInteger asked = new AtomicInteger();
            two.inbox()
                    .answerWith(_ -> {
                        asked.incrementAndGet();
                        return new CompletableFuture<>();
                    });
            CompletableFuture<PeerReply> answer = one.transport().ask(2, request(1));
            await().until(() -> asked.get() == 1);

            one.transport().close();

            assertUnknown(answer);
            assertThatThrownBy(() -> one.transport().ask(2, request(1)).get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(Unsent.class);
        } finally {
            one.close();
        }
    }

    private static void assertUnknown(CompletableFuture<PeerReply> answer) {
        assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(Unsent.class)
                .hasMessageContaining("unknown");
    }
}

package flotilla.store.log.peer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import flotilla.store.log.Membership;
import flotilla.store.log.Membership.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who comes to a member's port and is no member, or not the one it is looked for as. */
class StrangersTest {
    private static final PeerTimes HASTY =
            new PeerTimes(
                    Duration.ofSeconds(1),
                    Duration.ofMillis(500),
                    Duration.ofMillis(200),
                    Duration.ofMillis(1_000),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5));

    private final List<Peer> peers = TestMember.peers(1, 2);

    private TestMember hasty(long id) throws IOException {
        return TestMember.start(
                new Membership(TestMember.CLUSTER, id, peers), config -> config.with(HASTY));
    }

    private static byte[] frame(Outgoing parcel) {
        ByteBuf out = Unpooled.buffer();
        parcel.writeFrame(out);
        return ByteBufUtil.getBytes(out);
    }

    private static Hello hello(int version, long cluster, long from, long to) {
        return new Hello(version, cluster, from, to, 0, List.of());
    }

    private static byte[] greeting(Hello hello) {
        return frame(Parcels.write(new Parcel.Greeting(hello)));
    }

    private static byte[] welcome() {
        return greeting(hello(Hello.VERSION, TestMember.CLUSTER, 2, 1));
    }

    private static byte[] heartbeat() {
        return frame(Messages.write(new SampleMessages(2, 1).heartbeat(1)));
    }

    private static byte[] join(byte[]... pieces) {
        return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(pieces));
    }

    private static byte[] damaged(byte[] frame) {
        frame[frame.length - 1] ^= 1;
        return frame;
    }

    private static byte[] unfinished(int bytes) {
        return frame(new Outgoing(Kind.APPEND, new byte[bytes]));
    }

    static Stream<Arguments> refused() {
        long cluster = TestMember.CLUSTER;
        byte[] large = Unpooled.buffer().writeInt(Frame.PAYLOAD_MAX + 1).writeInt(0).array();
        ByteBuf unknown = Unpooled.wrappedBuffer(unfinished(10)).setByte(Integer.BYTES, 99);
        unknown.setInt(Frame.SUM_AT, Frame.sum(unknown, 0, 10));
        return Stream.of(
                Arguments.of("garbage", "\0\0\0\14garbage garbage".getBytes(US_ASCII), ""),
                Arguments.of("HTTP", "GET /members HTTP/1.1\r\n\r\n".getBytes(US_ASCII), ""),
                Arguments.of("TLS", new byte[] {0x16, 3, 1, 0, 5, 1, 0, 0, 1, 3}, ""),
                Arguments.of("nothing", new byte[0], ""),
                Arguments.of("half a greeting", welcomeStart(), ""),
                Arguments.of("a message first", heartbeat(), ""),
                Arguments.of("a damaged greeting", damaged(welcome()), ""),
                Arguments.of(
                        "another cluster",
                        greeting(hello(Hello.VERSION, 0xbad, 2, 1)),
                        "cluster ID mismatch"),
                Arguments.of(
                        "for somebody else",
                        greeting(hello(Hello.VERSION, cluster, 2, 7)),
                        "it looks for member 7, this is member 1"),
                Arguments.of(
                        "a newer version",
                        greeting(hello(Hello.VERSION + 1, cluster, 2, 1)),
                        "speaks version 2"),
                Arguments.of(
                        "an older version",
                        greeting(hello(Hello.VERSION - 1, cluster, 2, 1)),
                        "speaks version 0"),
                Arguments.of(
                        "itself", greeting(hello(Hello.VERSION, cluster, 1, 1)), "calls itself 1"),
                Arguments.of(
                        "unknown, and without an address",
                        greeting(hello(Hello.VERSION, cluster, 9, 1)),
                        "unknown here"),
                Arguments.of("a damaged frame", join(welcome(), damaged(heartbeat())), "checksum"),
                Arguments.of("too large a frame", join(welcome(), large), "a frame of"),
                Arguments.of(
                        "an unknown kind", join(welcome(), unknown.array()), "unknown kind 99"),
                Arguments.of("half a frame", join(welcome(), half(heartbeat())), ""),
                Arguments.of("no append", join(welcome(), unfinished(9)), "too short"),
                Arguments.of(
                        "one that is to join, here where nobody is known yet",
                        introduce(),
                        "it has yet to join the cluster itself"),
                Arguments.of(
                        "one that asks who is here after it said who it is",
                        join(welcome(), introduce()),
                        "a second"),
                Arguments.of("two greetings", join(welcome(), welcome()), "a second"));
    }

    private static byte[] introduce() {
        return frame(Parcels.write(new Parcel.Introduce()));
    }

    private static byte[] welcomeStart() {
        return half(welcome());
    }

    private static byte[] half(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length / 2);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void whoever_says_something_wrong_is_sent_away_and_told_why(
            String who, byte[] says, String answer) throws IOException {
        try (TestMember one = hasty(1);
                Socket stranger =
                        new Socket(
                                one.transport().address().getAddress(),
                                one.transport().address().getPort())) {
            stranger.getOutputStream().write(says);

            byte[] heard = readAll(stranger);

            assertThat(new String(heard, StandardCharsets.UTF_8)).as(who).contains(answer);
            await().until(() -> one.transport().connections() == 0);
            assertThat(one.inbox().messages()).isEmpty();
        }
    }

    @Test
    void what_a_member_says_that_can_not_be_read_is_counted() throws IOException {
        try (TestMember one = hasty(1);
                Socket member =
                        new Socket(
                                one.transport().address().getAddress(),
                                one.transport().address().getPort())) {
            member.getOutputStream().write(join(welcome(), damaged(heartbeat())));
            readAll(member);

            await().until(() -> one.transport().traffic().getFirst().receivedFailures() == 1);
        }
    }

    private static byte[] readAll(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        List<byte[]> pieces = new ArrayList<>();
        byte[] some = new byte[4_096];
        try {
            for (int n = socket.getInputStream().read(some);
                    n >= 0;
                    n = socket.getInputStream().read(some)) {
                pieces.add(Arrays.copyOf(some, n));
            }
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        return join(pieces.toArray(byte[][]::new));
    }

    @Test
    void who_says_a_little_again_and_again_is_sent_away_in_time() throws IOException {
        byte[] says = welcome();
        AtomicInteger said = new AtomicInteger();
        try (TestMember one = hasty(1);
                ScheduledExecutorService slowly = Executors.newSingleThreadScheduledExecutor();
                Socket stranger =
                        new Socket(
                                one.transport().address().getAddress(),
                                one.transport().address().getPort())) {
            var _ =
                    slowly.scheduleAtFixedRate(
                            () -> sayOne(stranger, says[said.getAndIncrement()]),
                            0,
                            100,
                            TimeUnit.MILLISECONDS);

            readAll(stranger);

            await().until(() -> one.transport().connections() == 0);
            assertThat(said.get()).isLessThan(says.length);
            slowly.shutdownNow();
        }
    }

    private static void sayOne(Socket stranger, byte one) {
        try {
            stranger.getOutputStream().write(one);
        } catch (IOException sentAway) {
            throw new UncheckedIOException(sentAway);
        }
    }

    @Test
    void who_pings_without_end_and_takes_no_answer_is_sent_away() throws IOException {
        ByteBuf pings = Unpooled.buffer();
        for (int i = 0; i < 5_000; i++) {
            Parcels.write(new Parcel.Ping(i)).writeFrame(pings);
        }
        byte[] many = ByteBufUtil.getBytes(pings);
        try (TestMember one = hasty(1);
                Socket deaf =
                        new Socket(
                                one.transport().address().getAddress(),
                                one.transport().address().getPort())) {
            deaf.getOutputStream().write(welcome());

            assertThatThrownBy(
                            () -> {
                                // A hundred times what the kernel keeps for the two.
                                for (long sent = 0; sent < 1L << 30; sent += many.length) {
                                    deaf.getOutputStream().write(many);
                                }
                            })
                    .isInstanceOf(SocketException.class);

            await().until(() -> one.transport().connections() == 0);
        }
    }

    @Test
    void members_of_two_clusters_refuse_each_other() throws IOException {
        try (TestMember one = hasty(1);
                TestMember other =
                        TestMember.start(
                                new Membership(0xbad, 2, peers), config -> config.with(HASTY))) {
            one.transport().send(new SampleMessages(1, 2).heartbeat(1));
            other.transport().send(new SampleMessages(2, 1).heartbeat(1));
            await().until(() -> one.inbox().unreachable().contains(2L));
            await().until(() -> other.inbox().unreachable().contains(1L));

            assertThat(one.inbox().messages()).isEmpty();
            assertThat(other.inbox().messages()).isEmpty();
            assertThat(one.transport().reachedSince(2)).isEmpty();
        }
    }

    @Test
    void a_member_is_let_in_past_a_crowd_of_strangers() throws IOException {
        PeerLimits narrow = new PeerLimits(1 << 20, 1 << 20, 100, 32);
        List<Socket> crowd = new ArrayList<>();
        try (TestMember one =
                TestMember.start(
                        new Membership(TestMember.CLUSTER, 1, peers),
                        config -> config.with(narrow))) {
            for (int i = 0; i < 1_000; i++) {
                crowd.add(
                        new Socket(
                                one.transport().address().getAddress(),
                                one.transport().address().getPort()));
            }
            try (TestMember two = TestMember.start(2, peers)) {
                two.transport().send(new SampleMessages(2, 1).heartbeat(3));
                await().until(() -> one.inbox().messages().size() == 1);
                int breaks = two.inbox().unreachable().size();
                for (int i = 0; i < 100; i++) {
                    crowd.add(
                            new Socket(
                                    one.transport().address().getAddress(),
                                    one.transport().address().getPort()));
                }

                two.transport().send(new SampleMessages(2, 1).heartbeat(4));
                await().until(() -> one.inbox().messages().size() == 2);
                assertThat(two.inbox().unreachable()).hasSize(breaks);
            }
            await().until(() -> one.transport().connections() == 0);
        } finally {
            for (Socket socket : crowd) {
                socket.close();
            }
        }
    }

    @Test
    void a_second_connection_of_a_member_takes_the_place_of_the_first() throws IOException {
        try (TestMember one = hasty(1)) {
            var address = one.transport().address();
            try (Socket first = new Socket(address.getAddress(), address.getPort());
                    Socket second = new Socket(address.getAddress(), address.getPort())) {
                first.getOutputStream().write(join(welcome(), heartbeat()));
                await().until(() -> one.inbox().messages().size() == 1);
                second.getOutputStream().write(join(welcome(), heartbeat()));
                await().until(() -> one.inbox().messages().size() == 2);

                assertThat(readAll(first)).isNotEmpty();
                await().until(() -> one.transport().connections() == 1);
            }
        }
    }

    @Test
    void a_member_that_no_longer_answers_is_not_reached() throws IOException {
        try (TestMember one = hasty(1);
                TestMember two = hasty(2)) {
            await().until(() -> one.transport().reachedSince(2).isPresent());
            int breaks = one.inbox().unreachable().size();
            CountDownLatch goOn = new CountDownLatch(1);
            two.loop()
                    .execute(() -> {
                        try {
                            goOn.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });

            await().until(() -> one.inbox().unreachable().size() > breaks);

            goOn.countDown();
            await().until(() -> one.transport().reachedSince(2).isPresent());
        }
    }
}

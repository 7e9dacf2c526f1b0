package flotilla.store.log.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LanesTest {
    private static final int FRAME = Frame.PAYLOAD_MAX;

    private final List<Long> left = new ArrayList<>();

    private static Outgoing parcel(Kind kind, int bytes) {
        return new Outgoing(kind, new byte[bytes]);
    }

    private static Outgoing question(long id, int bytes) {
        return Outgoing.question(id, List.of(new byte[bytes]));
    }

    private Kind nextFrame(Lanes lanes) {
        ByteBuf out = Unpooled.buffer();
        lanes.fill(out, 1, left::add);
        return Kind.of(out.getByte(Integer.BYTES));
    }

    @Test
    void a_frame_of_an_urgent_parcel_goes_between_those_of_a_large_one() {
        Lanes lanes = new Lanes(1 << 20);
        lanes.add(parcel(Kind.CHUNK, 3 * FRAME));
        lanes.add(parcel(Kind.APPEND, 2 * FRAME));

        assertThat(nextFrame(lanes)).isEqualTo(Kind.APPEND);
        lanes.add(parcel(Kind.HEARTBEAT, 24));
        assertThat(nextFrame(lanes)).isEqualTo(Kind.HEARTBEAT);
        assertThat(nextFrame(lanes)).isEqualTo(Kind.APPEND);
        assertThat(nextFrame(lanes)).isEqualTo(Kind.CHUNK);
        lanes.add(parcel(Kind.ACCEPTED, 24));
        assertThat(nextFrame(lanes)).isEqualTo(Kind.ACCEPTED);
        assertThat(nextFrame(lanes)).isEqualTo(Kind.CHUNK);
        assertThat(nextFrame(lanes)).isEqualTo(Kind.CHUNK);
        assertThat(lanes.isEmpty()).isTrue();
    }

    @Test
    void the_oldest_go_where_too_much_waits_but_neither_the_newest_nor_what_has_begun() {
        Lanes lanes = new Lanes(5L * FRAME);
        Outgoing begun = parcel(Kind.APPEND, 2 * FRAME);
        Outgoing oldest = parcel(Kind.APPEND, 2 * FRAME);
        Outgoing newest = parcel(Kind.APPEND, 4 * FRAME);
        lanes.add(begun);
        assertThat(nextFrame(lanes)).isEqualTo(Kind.APPEND);
        assertThat(lanes.add(oldest)).isEmpty();

        assertThat(lanes.add(newest)).containsExactly(oldest);

        assertThat(lanes.clear()).containsExactly(begun, newest);
        assertThat(lanes.weight()).isZero();
    }

    @Test
    void urgent_parcels_are_bounded_by_their_number_and_ordered_ones_leave_them_alone() {
        Lanes lanes = new Lanes(10);
        List<Outgoing> dropped = new ArrayList<>();
        IntStream.range(0, Lanes.URGENT_MAX + 5)
                .forEach(_ -> dropped.addAll(lanes.add(parcel(Kind.HEARTBEAT, 24))));
        assertThat(dropped).hasSize(5);

        assertThat(lanes.add(parcel(Kind.APPEND, 1_000))).isEmpty();
        assertThat(lanes.clear()).hasSize(Lanes.URGENT_MAX + 1);
    }

    @Test
    void a_question_is_said_to_leave_with_its_first_frame() {
        Lanes lanes = new Lanes(1 << 20);
        lanes.add(parcel(Kind.APPEND, 10));
        lanes.add(question(77, 2 * FRAME));

        assertThat(nextFrame(lanes)).isEqualTo(Kind.APPEND);
        assertThat(left).isEmpty();
        assertThat(nextFrame(lanes)).isEqualTo(Kind.QUESTION);
        assertThat(left).containsExactly(77L);
        assertThat(nextFrame(lanes)).isEqualTo(Kind.QUESTION);
        assertThat(left).containsExactly(77L);
    }

    @Test
    void what_is_written_in_between_is_read_as_it_was() {
        Lanes lanes = new Lanes(1 << 20);
        byte[] data = new byte[200_000];
        data[199_999] = 5;
        Parcel chunk = new Parcel.Chunk(1, 2, new Position(0, 0), data);
        Parcel heartbeat = new Parcel.Raft(new SampleMessages(0, 0).heartbeat(4));
        Parcel append = new Parcel.Raft(new SampleMessages(0, 0).append(1, 150_000));
        lanes.add(Parcels.write(chunk));
        ByteBuf out = Unpooled.buffer();
        lanes.fill(out, 1, left::add);
        lanes.add(Parcels.write(append));
        lanes.fill(out, out.readableBytes() + 1, left::add);
        lanes.add(Parcels.write(heartbeat));
        lanes.fill(out, Integer.MAX_VALUE, left::add);

        EmbeddedChannel channel = new EmbeddedChannel(new ParcelReader(_ -> {}));
        channel.writeInbound(out);

        assertThat(channel.<Object>readInbound()).isEqualTo(heartbeat);
        assertThat(channel.<Object>readInbound()).isEqualTo(append);
        assertThat(channel.<Object>readInbound())
                .isInstanceOfSatisfying(
                        Parcel.Chunk.class, arrived -> assertThat(arrived.data()).isEqualTo(data));
        assertThat(channel.finishAndReleaseAll()).isFalse();
    }
}

package flotilla.store.log.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.raft.log.BrokenInvariant;
import flotilla.raft.log.Entry;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.message.Message;
import flotilla.raft.message.Span;
import flotilla.store.log.ReplicatedLog;
import flotilla.store.log.peer.Messages.Ends;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessagesTest {
    private static final Ends ENDS = new Ends(0xa, -5);
    private static final SampleMessages SAMPLES = new SampleMessages(ENDS.from(), ENDS.to());

    static Stream<Message> table() {
        return SAMPLES.table().stream();
    }

    @ParameterizedTest
    @MethodSource("table")
    void a_message_arrives_as_it_was_sent_however_the_bytes_are_cut(Message message) {
        ByteBuf bytes = frames(Messages.write(message));

        assertThat(read(bytes.retainedDuplicate(), bytes.readableBytes()))
                .containsExactly(new Parcel.Raft(message));
        assertThat(read(bytes, 7)).containsExactly(new Parcel.Raft(message));
    }

    @Test
    void the_table_has_every_kind_that_travels() {
        List<Class<?>> missing =
                Arrays.stream(Message.class.getPermittedSubclasses())
                        .filter(kind -> table().noneMatch(kind::isInstance))
                        .toList();

        assertThat(missing).containsOnly(Message.InstallSnapshot.class);
    }

    @Test
    void appends_of_any_sizes_arrive_as_they_were_sent() {
        Random chance = new Random(9);
        for (int run = 0; run < 200; run++) {
            int[] sizes = chance.ints(chance.nextInt(20), 0, 1 << chance.nextInt(18)).toArray();
            Message.Append append = SAMPLES.append(chance, 1 + chance.nextInt(99), sizes);

            assertThat(read(frames(Messages.write(append)), 1 + chance.nextInt(100_000)))
                    .containsExactly(new Parcel.Raft(append));
        }
    }

    @Test
    void the_largest_command_travels_and_a_larger_one_does_not() {
        Message.Append largest = SAMPLES.append(1, ReplicatedLog.COMMAND_BYTES_MAX);
        Message.Append tooLarge = SAMPLES.append(1, ReplicatedLog.COMMAND_BYTES_MAX + (4 << 20));

        assertThat(read(frames(Messages.write(largest)), Frame.BYTES_MAX))
                .containsExactly(new Parcel.Raft(largest));
        assertThatThrownBy(() -> Messages.write(tooLarge))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void what_must_never_travel_does_not() {
        Message.Append hollow =
                new Message.Append(ENDS.from(), ENDS.to(), 1, new Span(0, 0, 1, 1), 0, List.of());
        Message installed =
                new Message.InstallSnapshot(ENDS.from(), ENDS.to(), 1, SnapshotMark.NONE);

        assertThatThrownBy(() -> Messages.write(hollow)).isInstanceOf(BrokenInvariant.class);
        assertThatThrownBy(() -> Messages.write(installed))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** What is written over the bytes of an append of two entries, each one wrong. */
    static Stream<Consumer<ByteBuf>> damages() {
        int entryHeads = 6 * Long.BYTES + Integer.BYTES;
        return Stream.of(
                bytes -> bytes.setLong(0, 1), // a term below its entries'
                bytes -> bytes.setLong(2 * Long.BYTES, 77), // a span from elsewhere
                bytes -> bytes.setLong(2 * Long.BYTES, -1), // no index
                bytes -> bytes.setInt(6 * Long.BYTES, 1), // one entry for a span of two
                bytes -> bytes.setInt(6 * Long.BYTES, Integer.MAX_VALUE), // no such count
                bytes -> bytes.setInt(6 * Long.BYTES, -1),
                bytes -> bytes.setLong(entryHeads, 0), // no term
                bytes -> bytes.setByte(entryHeads + 8, 3), // no kind of entry
                bytes -> bytes.setInt(entryHeads + 9, 99), // more than there is
                bytes -> bytes.setInt(entryHeads + 9, -1),
                bytes -> bytes.setInt(entryHeads + 9, 2), // fewer: one byte is left over
                bytes -> bytes.writerIndex(bytes.writerIndex() - 1),
                bytes -> bytes.writerIndex(Long.BYTES),
                bytes -> bytes.writeByte(0));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void an_append_that_is_not_one_is_refused(Consumer<ByteBuf> damage) {
        ByteBuf frame = frames(Messages.write(SAMPLES.append(5, 3, 4)));
        ByteBuf payload = Unpooled.copiedBuffer(frame.skipBytes(Frame.HEAD_BYTES));
        damage.accept(payload);

        assertThatThrownBy(() -> Parcels.read(Kind.APPEND, payload, ENDS))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void random_bytes_of_any_kind_are_refused_or_mean_something_but_never_break_the_reader() {
        Random chance = new Random(4);
        List<Kind> kinds = List.of(Kind.values());
        for (int run = 0; run < 20_000; run++) {
            byte[] bytes = new byte[chance.nextInt(80)];
            chance.nextBytes(bytes);
            Kind kind = kinds.get(chance.nextInt(kinds.size()));
            try {
                assertThat(Parcels.read(kind, Unpooled.wrappedBuffer(bytes), ENDS)).isNotNull();
            } catch (Malformed refused) {
                assertThat(refused).hasMessageContaining(" ");
            }
        }
    }

    @Test
    void any_flipped_bit_of_a_frame_is_noticed() {
        ByteBuf frame = frames(Messages.write(SAMPLES.heartbeat(3)));
        for (int bit = Integer.SIZE; bit < frame.readableBytes() * Byte.SIZE; bit++) {
            ByteBuf damaged = frame.copy();
            int at = bit / Byte.SIZE;
            damaged.setByte(at, damaged.getByte(at) ^ 1 << bit % Byte.SIZE);

            assertThatThrownBy(() -> read(damaged, damaged.readableBytes()))
                    .isInstanceOf(Malformed.class);
        }
    }

    @Test
    void entries_are_copied_out_of_the_networks_buffers_once() {
        byte[] data = {1, 2, 3};
        Entry entry = new Entry(1, 1, Entry.Kind.NORMAL, data);
        Message.Append append =
                new Message.Append(
                        ENDS.from(), ENDS.to(), 1, new Span(0, 0, 1, 1), 0, List.of(entry));

        Parcel.Raft read = (Parcel.Raft) read(frames(Messages.write(append)), 1_000).getFirst();

        byte[] arrived = ((Message.Append) read.message()).entries().getFirst().data();
        assertThat(arrived).containsExactly(data).hasSize(3).isNotSameAs(data);
    }

    private static ByteBuf frames(Outgoing parcel) {
        ByteBuf out = Unpooled.buffer();
        boolean last = false;
        while (!last) {
            last = parcel.writeFrame(out);
        }
        return out;
    }

    private static List<Object> read(ByteBuf bytes, int pieceBytes) {
        ParcelReader reader = new ParcelReader(_ -> {});
        reader.between(ENDS);
        EmbeddedChannel channel = new EmbeddedChannel(reader);
        try {
            while (bytes.isReadable()) {
                int some = Math.min(pieceBytes, bytes.readableBytes());
                channel.writeInbound(bytes.readRetainedSlice(some));
            }
            return List.copyOf(channel.inboundMessages());
        } finally {
            bytes.release();
            channel.finishAndReleaseAll();
        }
    }
}

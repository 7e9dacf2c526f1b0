package flotilla.store.log.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import flotilla.store.log.Introduction;
import flotilla.store.log.peer.Messages.Ends;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ParcelsTest {
    static Stream<Parcel> table() {
        PeerRequest request =
                PeerRequest.newBuilder().setQuestion(ByteString.copyFromUtf8("when?")).build();
        PeerReply reply = PeerReply.newBuilder().setRefusal("NO_LEADER").setKnown(true).build();
        Manifest manifest =
                new Manifest(MemoryStored.MARK, new MemoryStored(5, 0, 1 << 20).parts());
        Hello hello =
                new Hello(1, -2, 3, 4, 5, List.of("http://127.0.0.1:7001", "https://ä.example:1"));
        return Stream.of(
                new Parcel.Question(-7, request),
                new Parcel.Answer(Long.MAX_VALUE, reply),
                new Parcel.Answer(1, PeerReply.getDefaultInstance()),
                new Parcel.NoAnswer(1, "wörds"),
                new Parcel.Offer(-1, 3, Long.MAX_VALUE, manifest),
                new Parcel.Wanted(-1, 4, new Position(7, 1L << 40), -5, 1 << 20),
                new Parcel.End(2, 3, Integer.MIN_VALUE),
                new Parcel.Kept(2, new Position(0, 9)),
                new Parcel.Done(2),
                new Parcel.Declined(2, ""),
                new Parcel.Abandoned(2),
                new Parcel.Ping(-3),
                new Parcel.Pong(3),
                new Parcel.Greeting(hello),
                new Parcel.Introduce(),
                new Parcel.Introduced(new Introduction(-2, TestMember.peers(3, -4), -1)),
                new Parcel.Refusal("cluster ID mismatch"),
                new Parcel.Refusal("member 2 has been removed", true));
    }

    @ParameterizedTest
    @MethodSource("table")
    void a_parcel_arrives_as_it_was_sent(Parcel parcel) {
        Outgoing outgoing = Parcels.write(parcel);
        ByteBuf frame = Unpooled.buffer();

        assertThat(outgoing.writeFrame(frame)).isTrue();

        ByteBuf payload = frame.skipBytes(Frame.HEAD_BYTES);
        assertThat(Parcels.read(outgoing.kind(), payload, new Ends(1, 2))).isEqualTo(parcel);
    }

    @Test
    void a_later_version_may_say_more_in_its_greeting() {
        Hello hello = new Hello(9, 1, 2, 3, 4, List.of());
        ByteBuf longer = Unpooled.buffer().writeBytes(hello.bytes()).writeLong(77);

        assertThat(Parcels.read(Kind.HELLO, longer, new Ends(1, 2)))
                .isEqualTo(new Parcel.Greeting(hello));
    }

    @Test
    void reasons_are_cut_to_a_length_that_fits_a_log() {
        Outgoing outgoing = Parcels.write(new Parcel.Refusal("x".repeat(100_000)));

        assertThat(outgoing.weight()).isLessThan(2_000);
    }
}

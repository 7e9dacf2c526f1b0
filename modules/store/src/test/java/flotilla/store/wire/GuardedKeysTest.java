package flotilla.store.wire;

import static com.google.protobuf.ByteString.copyFromUtf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import flotilla.protocol.CampaignRequest;
import flotilla.protocol.Compare;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.LeaderKey;
import flotilla.protocol.LeaseKeepAliveRequest;
import flotilla.protocol.LeaseRevokeRequest;
import flotilla.protocol.LockRequest;
import flotilla.protocol.ProclaimRequest;
import flotilla.protocol.PutRequest;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RequestOp;
import flotilla.protocol.ResignRequest;
import flotilla.protocol.TxnRequest;
import flotilla.protocol.UnlockRequest;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GuardedKeysTest {
    private static final long OURS = 7;
    private static final long OTHERS = 8;
    private static final GuardedKeys KEYS = new GuardedKeys(copyFromUtf8("/f/"), id -> id == OURS);

    private static PutRequest put(String key) {
        return PutRequest.newBuilder().setKey(copyFromUtf8(key)).build();
    }

    private static DeleteRangeRequest delete(String key, String end) {
        return DeleteRangeRequest.newBuilder()
                .setKey(copyFromUtf8(key))
                .setRangeEnd(copyFromUtf8(end))
                .build();
    }

    private static RequestOp operation(Message request) {
        RequestOp.Builder operation = RequestOp.newBuilder();
        return switch (request) {
            case PutRequest put -> operation.setRequestPut(put).build();
            case DeleteRangeRequest delete -> operation.setRequestDeleteRange(delete).build();
            case TxnRequest txn -> operation.setRequestTxn(txn).build();
            default -> operation.setRequestRange((RangeRequest) request).build();
        };
    }

    private static TxnRequest then(Message request) {
        return TxnRequest.newBuilder()
                .addSuccess(operation(put("/a")))
                .addSuccess(operation(request))
                .build();
    }

    private static TxnRequest otherwise(Message request) {
        return TxnRequest.newBuilder().addFailure(operation(request)).build();
    }

    private static RangeRequest range(String key) {
        return RangeRequest.newBuilder().setKey(copyFromUtf8(key)).build();
    }

    private static LeaderKey leader(String key) {
        return LeaderKey.newBuilder().setKey(copyFromUtf8(key)).build();
    }

    @ParameterizedTest
    @CsvSource({
        "/f/, true",
        "/f/job/a, true",
        "/f/\uffff, true",
        "/f, false",
        "/f., false",
        "/f0, false",
        "/F/, false",
        "/g, false",
        "f/, false",
        "'', false",
    })
    void a_key_that_begins_with_the_prefix_is_guarded(String key, boolean guarded) {
        assertThat(KEYS.touches(put(key))).isEqualTo(guarded);
        assertThat(KEYS.touches(delete(key, ""))).isEqualTo(guarded);
        assertThat(KEYS.touches(UnlockRequest.newBuilder().setKey(copyFromUtf8(key)).build()))
                .isEqualTo(guarded);
        assertThat(KEYS.touches(ProclaimRequest.newBuilder().setLeader(leader(key)).build()))
                .isEqualTo(guarded);
        assertThat(KEYS.touches(ResignRequest.newBuilder().setLeader(leader(key)).build()))
                .isEqualTo(guarded);
    }

    /** {@code \0} stands for a zero byte. */
    @ParameterizedTest
    @CsvSource({
        "/f/, /f0, true",
        "/f/x, /f/x, false",
        "/f/x, /f/y, true",
        "/f/y, /f/x, false",
        "/a, /f/, false",
        "/a, /f/\\0, true",
        "/a, /g, true",
        "/f0, /g, false",
        "/f/zzz, /g, true",
        "\\0, \\0, true",
        "/f/x, \\0, true",
        "/f0, \\0, false",
        "/g, /a, false",
    })
    void a_range_that_holds_a_guarded_key_may_not_be_deleted(
            String key, String end, boolean guarded) {
        DeleteRangeRequest delete = delete(key.replace("\\0", "\0"), end.replace("\\0", "\0"));

        assertThat(KEYS.touches(delete)).isEqualTo(guarded);
        assertThat(KEYS.touches(then(delete))).isEqualTo(guarded);
    }

    /** A claim puts {@code name/lease}, the lease in hexadecimal. */
    @ParameterizedTest
    @CsvSource({
        "/f/, /f, true",
        "/f/, /f/, true",
        "/f/, /f/lock, true",
        "/f/, '', false",
        "/f/, /, false",
        "/f/, /ff, false",
        "/f, '', true",
        "/fee, '', true",
        "/fleet, '', false",
    })
    void a_claim_whose_key_may_begin_with_the_prefix_is_guarded(
            String prefix, String name, boolean guarded) {
        GuardedKeys keys = new GuardedKeys(copyFromUtf8(prefix), id -> false);
        LockRequest lock = LockRequest.newBuilder().setName(copyFromUtf8(name)).build();
        CampaignRequest campaign = CampaignRequest.newBuilder().setName(copyFromUtf8(name)).build();

        assertThat(keys.touches(lock)).isEqualTo(guarded);
        assertThat(keys.touches(campaign)).isEqualTo(guarded);
    }

    static Stream<Message> guarded() {
        return Stream.of(
                then(put("/f/a")),
                otherwise(put("/f/a")),
                then(then(put("/f/a"))),
                otherwise(then(otherwise(delete("/", "0")))),
                LeaseRevokeRequest.newBuilder().setID(OURS).build());
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void a_write_is_found_wherever_it_is_hidden(Message request) {
        assertThat(KEYS.touches(request)).isTrue();
    }

    static Stream<Message> free() {
        return Stream.of(
                range("/f/a"),
                then(range("/f/a")),
                TxnRequest.newBuilder()
                        .addCompare(Compare.newBuilder().setKey(copyFromUtf8("/f/a")))
                        .addSuccess(operation(put("/a")))
                        .addFailure(operation(then(put("/f"))))
                        .addFailure(RequestOp.getDefaultInstance())
                        .build(),
                LeaseKeepAliveRequest.newBuilder().setID(OURS).build(),
                LeaseRevokeRequest.newBuilder().setID(OTHERS).build(),
                LeaseRevokeRequest.newBuilder().setID(9).build());
    }

    @ParameterizedTest
    @MethodSource("free")
    void reads_renewals_and_writes_of_other_keys_are_free(Message request) {
        assertThat(KEYS.touches(request)).isFalse();
    }
}

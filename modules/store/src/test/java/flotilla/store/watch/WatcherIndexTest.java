package flotilla.store.watch;

import static flotilla.store.Commands.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import flotilla.protocol.KeyValue;
import flotilla.protocol.WatchCreateRequest;
import flotilla.store.apply.mvcc.KeyChange;
import flotilla.store.apply.mvcc.KeyRange;
import flotilla.store.apply.mvcc.Revision;
import flotilla.store.apply.mvcc.RevisionScan;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatcherIndexTest {
    @Test
    void finds_exactly_the_watchers_whose_range_holds_the_key() {
        Random random = new Random(1);
        WatcherIndex index = new WatcherIndex();
        List<Watcher> watchers = new ArrayList<>();
        for (int round = 0; round < 2000; round++) {
            if (random.nextInt(3) > 0 || watchers.isEmpty()) {
                Watcher watcher = watcher(randomKey(random), randomEnd(random));
                watchers.add(watcher);
                index.add(watcher);
            } else {
                index.remove(watchers.remove(random.nextInt(watchers.size())));
            }
            ByteString key = randomKey(random);
            List<Watcher> found = new ArrayList<>();
            index.forEachOf(key, found::add);
            assertThat(found)
                    .containsExactlyInAnyOrderElementsOf(
                            watchers.stream().filter(w -> w.range.contains(key)).toList());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "61, 62, true",
        "6161, 6162, true",
        "61ff, 62, true",
        "6161, 62, false",
        "61, 63, false",
        "ffff, 00, false",
        "61, 6162, false",
        "61ff, 61ff00, false"
    })
    void a_prefix_is_a_range_up_to_the_next_prefix(String start, String end, boolean prefix) {
        KeyRange range = KeyRange.of(hex(start), hex(end));
        assertThat(range.isPrefix()).isEqualTo(prefix);
    }

    private static ByteString hex(String digits) {
        return ByteString.copyFrom(HexFormat.of().parseHex(digits));
    }

    private static ByteString randomKey(Random random) {
        byte[] alphabet = {0, 'a', 'b', (byte) 0xff};
        byte[] key = new byte[1 + random.nextInt(3)];
        for (int i = 0; i < key.length; i++) {
            key[i] = alphabet[random.nextInt(alphabet.length)];
        }
        return ByteString.copyFrom(key);
    }

    private static ByteString randomEnd(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> ByteString.EMPTY;
            case 1 -> bytes("b");
            default -> randomKey(random);
        };
    }

    private static final class NoPast implements History {
        @Override
        public RevisionScan.Page read(RevisionScan.Extent extent) {
            return new RevisionScan.Page(-1, List.of(), Revision.first(2));
        }

        @Override
        public @Nullable KeyValue previous(KeyChange change) {
            return null;
        }
    }

    private static Watcher watcher(ByteString key, ByteString end) {
        WatchHub hub = new WatchHub(new NoPast(), 1, 1 << 20, WatchLimits.ofThisJvm(1, 1));
        return new Watcher(
                new WatchStream(hub, new RecordingSink()),
                0,
                WatchCreateRequest.newBuilder().setKey(key).setRangeEnd(end).build(),
                0);
    }
}

package flotilla.store.log.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.platform.disk.Directory;
import flotilla.platform.disk.HostDirectory;
import flotilla.platform.disk.StoredFile;
import flotilla.protocol.Walpb;
import flotilla.raft.log.Entry;
import flotilla.raft.log.HardState;
import flotilla.raft.log.SnapshotMark;
import flotilla.store.FreePort;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The original's own log read by ours, and the original started on a log of ours. */
class OriginalTest {
    private static final Path ETCD = Path.of("/usr/bin/etcd");
    private static final int PUTS = 60;

    /** Several files for the log of a test. */
    private static final WalOptions SMALL = new WalOptions(4_000, 1_024, 0);

    @TempDir private Path directory;

    @BeforeAll
    static void the_original_is_here() {
        assumeTrue(Files.isExecutable(ETCD), ETCD + " (Debian's etcd-server) is not installed");
    }

    @Test
    void a_log_of_etcd_is_read_entry_for_entry() throws Exception {
        try (Original etcd = new Original()) {
            etcd.putSome();
        }
        List<Walpb.Record> records = CredulousReader.records(wal());

        Opened opened = Wal.open(wal(), owner(records), WalOptions.DEFAULT);

        PromisedLog.Held held = PromisedLog.Held.by(opened);
        assertThat(opened.torn()).isEmpty();
        assertThat(held).isEqualTo(CredulousReader.read(wal()));
        assertThat(held.state().vote()).isEqualTo(owner(records).member());
        assertThat(held.entries().getFirst().kind()).isEqualTo(Entry.Kind.CONF_CHANGE);
        assertThat(held.entries())
                .filteredOn(entry -> text(entry).contains("value of key"))
                .hasSize(PUTS);
    }

    @Test
    void the_same_records_make_the_same_bytes() throws Exception {
        try (Original etcd = new Original()) {
            etcd.putSome();
        }
        SegmentName name = SegmentName.FIRST;
        StoredFile theirs = wal().open(name.toString());
        StoredFile ours = HostDirectory.at(directory).create("ours");
        Tail tail = new Tail(new Segment(name, ours, "ours"), WalOptions.DEFAULT, 0);
        tail.head(owner(CredulousReader.records(wal())));

        RecordReader reader = RecordReader.from(theirs, 0, 0);
        while (reader.next() instanceof Reading.Whole record) {
            switch (record.type()) {
                case ENTRY -> tail.add(Payload.entry(record));
                case STATE -> tail.add(Payload.state(record));
                case SNAPSHOT -> tail.add(Payload.mark(record));
                case METADATA, CRC -> {}
            }
        }
        tail.flush();

        int length = (int) tail.end().offset();
        assertThat(bytes(ours, length)).isEqualTo(bytes(theirs, length));
        assertThat(Zeros.endOfOthers(theirs, length, theirs.size())).isEqualTo(length);
    }

    @Test
    void etcd_starts_on_a_log_of_ours_and_goes_on_with_it() throws Exception {
        try (Original etcd = new Original()) {
            etcd.putSome();
        }
        WalOwner owner = owner(CredulousReader.records(wal()));
        PromisedLog.Held before = PromisedLog.Held.by(Wal.open(wal(), owner, WalOptions.DEFAULT));
        rewrite(owner, before);
        assertThat(wal().names()).hasSizeGreaterThan(3);

        try (Original etcd = new Original()) {
            assertThat(etcd.ctl("get", "key 7", "--print-value-only")).contains("value of key 7");
            assertThat(etcd.ctl("put", "later", "put by etcd")).contains("OK");
        }

        PromisedLog.Held after = PromisedLog.Held.by(Wal.open(wal(), owner, SMALL));
        assertThat(after.entries()).startsWith(before.entries().toArray(Entry[]::new));
        assertThat(after.entries()).anyMatch(entry -> text(entry).contains("put by etcd"));
        assertThat(after.state().term()).isGreaterThan(before.state().term());
    }

    /** Everything again, by our writer, a few entries at a time. */
    private void rewrite(WalOwner owner, PromisedLog.Held held) throws IOException {
        for (String name : wal().names()) {
            wal().delete(name);
        }
        Wal.create(wal(), owner, SMALL, SnapshotMark.NONE);
        try (Wal wal = Wal.open(wal(), owner, SMALL).wal()) {
            List<Entry> entries = held.entries();
            for (int i = 0; i < entries.size(); i += 2) {
                List<Entry> batch = entries.subList(i, Math.min(entries.size(), i + 2));
                long commit = Math.min(held.state().commit(), batch.getLast().index());
                wal.append(batch, new HardState(held.state().term(), held.state().vote(), commit));
                wal.sync();
            }
        }
    }

    private Directory wal() {
        return HostDirectory.at(directory.resolve("data/member/wal"));
    }

    private static WalOwner owner(List<Walpb.Record> records) throws IOException {
        Walpb.Metadata metadata = Walpb.Metadata.parseFrom(records.get(1).getData());
        return new WalOwner(metadata.getNodeId(), metadata.getClusterId());
    }

    private static String text(Entry entry) {
        return new String(entry.data(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(StoredFile file, int length) throws IOException {
        byte[] bytes = new byte[length];
        file.read(ByteBuffer.wrap(bytes), 0);
        return bytes;
    }

    /** A running member of the original's, alone. */
    private final class Original implements AutoCloseable {
        private final String client = "http://127.0.0.1:" + FreePort.take();
        private final Process process;

        Original() throws IOException {
            String peer = "http://127.0.0.1:" + FreePort.take();
            process =
                    new ProcessBuilder(
                                    ETCD.toString(),
                                    "--data-dir=" + directory.resolve("data"),
                                    "--name=a",
                                    "--listen-client-urls=" + client,
                                    "--advertise-client-urls=" + client,
                                    "--listen-peer-urls=" + peer,
                                    "--initial-advertise-peer-urls=" + peer,
                                    "--initial-cluster=a=" + peer)
                            .redirectErrorStream(true)
                            .redirectOutput(directory.resolve("etcd.log").toFile())
                            .start();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> ctl("endpoint", "health").contains("is healthy"));
        }

        void putSome() throws Exception {
            for (int i : IntStream.range(0, PUTS).toArray()) {
                ctl("put", "key " + i, "value of key " + i + " " + "x".repeat(i * i));
            }
        }

        String ctl(String... arguments) throws Exception {
            ProcessBuilder etcdctl =
                    new ProcessBuilder("/usr/bin/etcdctl", "--endpoints=" + client);
            etcdctl.command().addAll(List.of(arguments));
            etcdctl.environment().put("ETCDCTL_API", "3");
            Process running = etcdctl.redirectErrorStream(true).start();
            try (var output = running.getInputStream()) {
                return new String(output.readAllBytes(), StandardCharsets.UTF_8);
            }
        }

        @Override
        public void close() throws Exception {
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}

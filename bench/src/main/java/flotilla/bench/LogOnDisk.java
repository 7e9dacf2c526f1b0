package flotilla.bench;

import flotilla.platform.disk.Disk;
import flotilla.platform.disk.HostDirectory;
import flotilla.raft.log.Entry;
import flotilla.raft.log.HardState;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.store.log.wal.Opened;
import flotilla.store.log.wal.Wal;
import flotilla.store.log.wal.WalOptions;
import flotilla.store.log.wal.WalOwner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * The Raft log alone: how many entries a second it takes with an fsync after each batch, beside
 * what the disk takes of the same bytes by plain writes; and how long it takes to open.
 */
public final class LogOnDisk {
    private static final WalOwner OWNER = new WalOwner(1, 2);
    private static final int ENTRY_BYTES = 256;
    private static final int[] BATCHES = {1, 64, 1_000};
    private static final int ROUNDS = 3;
    private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long[] LOG_BYTES = {64L << 20, 1L << 30};

    /** Entries written at a time for a log that is then opened. */
    private static final int FILL_BATCH = 1_000;

    private static final SplittableRandom CHANCE = new SplittableRandom(1);

    private LogOnDisk() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory("flotilla-bench-");
        try {
            Facts.print(System.out, folder, List.of("wal"));
            System.out.println(
                    "| entries of 256 bytes a batch | log, entries/s | plain writes, entries/s | ratio (median) | ratio by round |");
            System.out.println("|---|---|---|---|---|");
            for (int batch : BATCHES) {
                appends(folder, batch);
            }
            for (long bytes : LOG_BYTES) {
                opening(folder, bytes);
            }
        } finally {
            Disk.deleteTree(folder);
        }
    }

    private static void appends(Path folder, int batch) throws IOException {
        List<Double> ours = new ArrayList<>();
        List<Double> plain = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            ours.add(log(Files.createDirectory(folder.resolve("log")), batch));
            plain.add(plain(folder.resolve("plain"), batch));
            ratios.add(ours.getLast() / plain.getLast());
            Disk.deleteTree(folder.resolve("log"));
            Files.delete(folder.resolve("plain"));
        }
        System.out.printf(
                Locale.ROOT,
                "| %,d | %,.0f | %,.0f | %.2f | %s |%n",
                batch,
                Median.of(ours),
                Median.of(plain),
                Median.of(ratios),
                ratios.stream().map("%.2f"::formatted).toList());
    }

    private static double log(Path folder, int batch) throws IOException {
        try (Wal wal = create(folder)) {
            long next = 1;
            long start = System.nanoTime();
            while (System.nanoTime() - start < ROUND_NANOS) {
                append(wal, next, batch);
                next += batch;
            }
            return (next - 1) / seconds(start);
        }
    }

    private static Wal create(Path folder) throws IOException {
        HostDirectory directory = HostDirectory.at(folder);
        Wal.create(directory, OWNER, WalOptions.DEFAULT, new SnapshotMark(0, 0, ConfState.of(1)));
        return Wal.open(directory, OWNER, WalOptions.DEFAULT).wal();
    }

    private static void append(Wal wal, long first, int count) throws IOException {
        List<Entry> entries =
                LongStream.range(first, first + count)
                        .mapToObj(index -> new Entry(index, 1, Entry.Kind.NORMAL, data()))
                        .toList();
        wal.append(entries, new HardState(1, 1, first - 1));
        wal.sync();
    }

    private static byte[] data() {
        byte[] data = new byte[ENTRY_BYTES];
        CHANCE.nextBytes(data);
        return data;
    }

    /** As many bytes, without a record around them, at the end of a file. */
    private static double plain(Path file, int batch) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long entries = 0;
            ByteBuffer bytes = ByteBuffer.allocateDirect(batch * ENTRY_BYTES);
            long start = System.nanoTime();
            while (System.nanoTime() - start < ROUND_NANOS) {
                bytes.clear();
                for (int i = 0; i < batch; i++) {
                    bytes.put(data());
                }
                bytes.flip();
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(false);
                entries += batch;
            }
            return entries / seconds(start);
        }
    }

    private static void opening(Path folder, long bytes) throws IOException {
        Path log = Files.createDirectory(folder.resolve("log"));
        try (Wal wal = create(log)) {
            for (long next = 1; next * ENTRY_BYTES < bytes; next += FILL_BATCH) {
                append(wal, next, FILL_BATCH);
            }
        }
        List<Double> took = new ArrayList<>();
        long entries = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            Opened opened = Wal.open(HostDirectory.at(log), OWNER, WalOptions.DEFAULT);
            took.add(seconds(start));
            entries = opened.wal().entries().last();
            opened.wal().close();
        }
        System.out.printf(
                Locale.ROOT,
                "%nopening a log of %,d MiB of data, %,d entries: %s s%n",
                bytes >> 20,
                entries,
                took.stream().map("%.2f"::formatted).toList());
        Disk.deleteTree(log);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}

package flotilla.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The machine a figure was measured on; without it a figure says nothing. */
final class Facts {
    private static final int SYNCS = 50;
    private static final int SYNC_BYTES = 512;

    private Facts() {}

    static void print(PrintStream out, Path folder, List<String> arguments) throws IOException {
        out.printf("bench/run %s%n", String.join(" ", arguments));
        out.printf(
                Locale.ROOT,
                "%s, %d CPUs, %s, %s %s, JDK %s, data on %s, one 512-byte write and fsync %.0f us (median of %d)%n%n",
                processor(),
                Runtime.getRuntime().availableProcessors(),
                memory(),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                Runtime.version(),
                Files.getFileStore(folder).type(),
                syncMicros(folder),
                SYNCS);
    }

    private static String processor() throws IOException {
        return valueOf(Path.of("/proc/cpuinfo"), "model name");
    }

    private static String memory() throws IOException {
        String total = valueOf(Path.of("/proc/meminfo"), "MemTotal");
        return Long.parseLong(total.replaceAll("\\D", "")) / (1 << 20) + " GiB";
    }

    private static String valueOf(Path file, String key) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown " + key);
        }
    }

    private static double syncMicros(Path folder) throws IOException {
        Path file = folder.resolve("sync");
        List<Double> micros = new ArrayList<>();
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int i = 0; i < SYNCS; i++) {
                long start = System.nanoTime();
                channel.write(ByteBuffer.allocate(SYNC_BYTES));
                channel.force(false);
                micros.add((System.nanoTime() - start) / 1e3);
            }
        }
        Files.delete(file);
        return Median.of(micros);
    }
}

package flotilla.machine.embedded;

import flotilla.machine.process.ProcessTable;
import flotilla.machine.process.Spawner;
import flotilla.machine.service.Exit;
import flotilla.machine.service.Signals;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * A command that runs beside a unit to tell how it fares: until it ends, or its time is up. Then it
 * is killed, and in any case what it leaves in its session. On the owner's thread, except for what
 * it writes, of which only the last line is kept.
 */
final class ProbeRun {
    /** Of the last line, in bytes: enough to tell a person what is wrong. */
    private static final int LINE_BYTES_MAX = 160;

    private static final int CHUNK_BYTES = 4096;

    private final long pid;
    private final CompletableFuture<String> output;
    private final CompletableFuture<String> answer = new CompletableFuture<>();
    private boolean late;

    private ProbeRun(long pid, InputStream written) {
        this.pid = pid;
        this.output = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .name("probe " + pid)
                .start(() -> {
                    try (written) {
                        output.complete(lastLine(written));
                    } catch (IOException | RuntimeException e) {
                        output.complete("reading its output: " + e.getMessage());
                    }
                });
    }

    /** Why it did not succeed; empty when it did. */
    static CompletableFuture<String> of(Owner owner, Spawner.Spawned spawned, Duration limit) {
        InputStream written = spawned.output();
        ProbeRun run =
                new ProbeRun(
                        spawned.pid(), written == null ? InputStream.nullInputStream() : written);
        var _ = owner.after(limit, () -> run.isLate(limit));
        ProcessHandle.of(spawned.pid())
                .ifPresentOrElse(
                        process -> {
                            var _ = process.onExit().thenRun(() -> owner.post(() -> run.ended()));
                        },
                        () -> run.ended());
        return run.answer;
    }

    private void isLate(Duration limit) {
        if (!answer.isDone() && !late) {
            late = true;
            kill();
            // Should the kernel be slow to take it away: nobody waits for that.
            answer.complete("took longer than " + limit.toMillis() + " ms");
        }
    }

    private void ended() {
        OptionalInt status = Spawner.reap(pid);
        kill();
        Exit exit = status.isPresent() ? Exit.ofWaitStatus(status.getAsInt()) : Exit.code(0);
        var _ = output.thenAccept(line -> answer.complete(words(exit, line)));
    }

    private static String words(Exit exit, String line) {
        boolean well = !exit.signalled() && exit.number() == 0;
        return well ? "" : exit + (line.isEmpty() ? "" : ": " + line);
    }

    /** It and all it has started, as far as that is still its own. */
    private void kill() {
        ProcessTable.scan().entries().stream()
                .filter(entry -> entry.session() == pid || entry.pid() == pid)
                .forEach(entry -> Spawner.kill(entry.pid(), Signals.KILL));
    }

    /** The last that is not blank, cut at its end. */
    private static String lastLine(InputStream written) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        byte[] line = new byte[LINE_BYTES_MAX];
        int length = 0;
        String last = "";
        for (int size = written.read(chunk); size >= 0; size = written.read(chunk)) {
            for (int i = 0; i < size; i++) {
                if (chunk[i] == '\n') {
                    last = orElse(line, length, last);
                    length = 0;
                } else if (length < line.length) {
                    line[length++] = chunk[i];
                }
            }
        }
        return orElse(line, length, last);
    }

    private static String orElse(byte[] line, int length, String before) {
        String text =
                new String(line, 0, length, StandardCharsets.UTF_8)
                        .replaceAll("\\p{Cntrl}", " ")
                        .strip();
        return text.isEmpty() ? before : text;
    }
}

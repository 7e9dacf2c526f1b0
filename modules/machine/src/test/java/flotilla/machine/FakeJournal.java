package flotilla.machine;

import flotilla.platform.Registration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** A journal in memory; a line's cursor is its number. */
public final class FakeJournal implements Journal {
    private record Follower(String unit, Consumer<JournalLine> listener) {}

    private final List<JournalLine> lines = new ArrayList<>();
    private final List<Follower> followers = new CopyOnWriteArrayList<>();

    public synchronized void log(JournalLine line) {
        JournalLine marked =
                new JournalLine(
                        line.time(),
                        line.unit(),
                        line.identifier(),
                        line.pid(),
                        line.message(),
                        String.valueOf(lines.size()));
        lines.add(marked);
        for (Follower follower : followers) {
            if (follower.unit().equals(line.unit())) {
                follower.listener().accept(marked);
            }
        }
    }

    @Override
    public synchronized List<JournalLine> last(String unit, int count) {
        List<JournalLine> all = lines.stream().filter(line -> line.unit().equals(unit)).toList();
        return all.subList(Math.max(0, all.size() - count), all.size());
    }

    @Override
    public synchronized Registration follow(String unit, From from, Consumer<JournalLine> listener)
            throws IOException {
        List<JournalLine> first =
                switch (from) {
                    case From.Last(int count) -> last(unit, count);
                    case From.After(String cursor) -> after(unit, cursor);
                };
        first.forEach(listener);
        Follower follower = new Follower(unit, listener);
        followers.add(follower);
        return () -> followers.remove(follower);
    }

    private List<JournalLine> after(String unit, String cursor) throws IOException {
        int at =
                IntStream.range(0, lines.size())
                        .filter(i -> lines.get(i).cursor().equals(cursor))
                        .findFirst()
                        .orElseThrow(() -> new IOException("no line has the cursor " + cursor));
        return lines.subList(at + 1, lines.size()).stream()
                .filter(line -> line.unit().equals(unit))
                .toList();
    }
}

package flotilla.store.log.driver;

import flotilla.raft.log.Entry;
import flotilla.raft.message.Message;
import flotilla.raft.message.Message.Append;
import flotilla.raft.message.Span;
import flotilla.store.log.Transport;
import flotilla.store.log.wal.StoredEntries;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/**
 * Puts the entries into appends on their way out: from memory at once, or, for a member that lags,
 * from the disk, by a thread that may wait for it. Appends to one member keep their order. Belongs
 * to the core's loop.
 */
final class Appends {
    /** Where the entries are. */
    record Log(LiveLog live, StoredEntries stored) {}

    private final Log log;
    private final Transport transport;
    private final Executor readers;
    private final Executor loop;
    private final LongPredicate leads;
    private final Consumer<Throwable> failed;
    private final Map<Long, ArrayDeque<Append>> behindTheDisk = new HashMap<>();

    /** Who runs what. */
    record Threads(Executor loop, Executor readers) {}

    /**
     * Where they go.
     *
     * @param leads whether this member leads that term; while it does, its log only grows
     */
    record Way(Transport transport, LongPredicate leads) {}

    /**
     * @param failed told when the disk no longer has what was written
     */
    Appends(Log log, Way way, Threads threads, Consumer<Throwable> failed) {
        this.log = log;
        this.transport = way.transport();
        this.readers = threads.readers();
        this.loop = threads.loop();
        this.leads = way.leads();
        this.failed = failed;
    }

    /** Any message; what is no append goes at once. */
    void send(Message message) {
        if (message instanceof Append append) {
            send(append);
        } else {
            transport.send(message);
        }
    }

    private void send(Append append) {
        ArrayDeque<Append> before = behindTheDisk.get(append.to());
        if (before != null) {
            before.addLast(append);
            return;
        }
        Span span = append.span();
        if (span.isEmpty()) {
            transport.send(append);
            return;
        }
        log.live()
                .inMemory(span.prevIndex() + 1, span.lastIndex())
                .ifPresentOrElse(
                        entries -> transport.send(append.with(entries)),
                        () -> {
                            behindTheDisk.put(append.to(), new ArrayDeque<>(List.of(append)));
                            read(append);
                        });
    }

    /** Reads what is on the disk; what is not yet is taken along from here. */
    private void read(Append append) {
        long first = append.span().prevIndex() + 1;
        long last = append.span().lastIndex();
        List<Entry> unstored = log.live().unstored(first, last);
        long end = unstored.isEmpty() ? last + 1 : unstored.getFirst().index();
        readers.execute(() -> {
            List<Entry> entries = new ArrayList<>();
            try {
                entries.addAll(log.stored().read(first, end, Long.MAX_VALUE));
            } catch (IOException | RuntimeException e) {
                failed.accept(e);
                return;
            }
            boolean whole = entries.size() == end - first;
            entries.addAll(unstored);
            loop.execute(() -> filled(append, whole ? entries : List.of()));
        });
    }

    /** It goes out only if the log can't have changed since its span was named. */
    private void filled(Append append, List<Entry> entries) {
        if (!entries.isEmpty() && leads.test(append.term())) {
            transport.send(append.with(entries));
        }
        ArrayDeque<Append> waiting = behindTheDisk.remove(append.to());
        if (waiting == null) {
            return;
        }
        waiting.removeFirst();
        // Those of a term that is over are of no use to anybody.
        waiting.stream().filter(next -> leads.test(next.term())).forEach(this::send);
    }
}

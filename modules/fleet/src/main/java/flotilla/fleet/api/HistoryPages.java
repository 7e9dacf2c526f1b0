package flotilla.fleet.api;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Reads the history backwards, page by page. */
final class HistoryPages {
    /** Lines that the API gives at once. */
    static final int LINES_MAX = 1_000;

    /** One page. */
    interface Page {
        /**
         * @param before where the one that was read last begins; empty for the first
         */
        HistoryBody read(int lines, String before);
    }

    private HistoryPages() {}

    /** The last lines, oldest first, with as many calls as that takes. */
    static HistoryBody last(int limit, Page pages) {
        Deque<DeedBody> lines = new ArrayDeque<>();
        HistoryBody page = pages.read(Math.min(limit, LINES_MAX), "");
        page.lines().reversed().forEach(lines::addFirst);
        for (String older = page.older(); older != null && lines.size() < limit; ) {
            page = pages.read(Math.min(limit - lines.size(), LINES_MAX), older);
            page.lines().reversed().forEach(lines::addFirst);
            older = page.older();
        }
        return new HistoryBody(List.copyOf(lines), page.knownSince(), null, page.older());
    }
}

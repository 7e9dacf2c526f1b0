package flotilla.store.log.wal;

import flotilla.raft.log.Entry;
import flotilla.raft.log.HardState;
import flotilla.raft.log.SnapshotMark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What the records of a log amount to, read one after the other. */
final class Replay {
    private final WalOwner owner;
    private final LogIndex index;
    private final List<SnapshotMark> marks = new ArrayList<>();
    private HardState state = HardState.NONE;
    private boolean hasOwner;
    private int crcsInRow;

    /**
     * @param owner whose log it must be
     * @param oldest name of the first file
     */
    Replay(WalOwner owner, SegmentName oldest) {
        this.owner = owner;
        this.index = new LogIndex(Math.max(0, oldest.firstIndex() - 1), 0);
    }

    LogIndex index() {
        return index;
    }

    HardState state() {
        return state;
    }

    List<SnapshotMark> marks() {
        return marks;
    }

    /** The next file's records follow. */
    void beginSegment() {
        hasOwner = false;
        crcsInRow = 0;
    }

    /** Whether the file that is being read has a whole head. */
    boolean hasOwner() {
        return hasOwner;
    }

    boolean endsWithCrc() {
        return crcsInRow > 0;
    }

    /** Whether the file that is being read says that another follows it. */
    boolean isSealed() {
        return crcsInRow > 1;
    }

    /**
     * @throws DamagedLog if the record contradicts those before it
     */
    void take(Segment segment, Reading.Whole record) throws DamagedLog {
        crcsInRow = record.type() == RecordType.CRC ? crcsInRow + 1 : 0;
        try {
            switch (record.type()) {
                case METADATA -> takeOwner(Payload.owner(record));
                case ENTRY -> takeEntry(segment, record);
                case STATE -> takeState(Payload.state(record));
                case SNAPSHOT -> takeMark(Payload.mark(record));
                case CRC -> {}
            }
        } catch (IOException | IllegalArgumentException e) {
            throw DamagedLog.at(segment.place(), record.offset(), String.valueOf(e.getMessage()));
        }
    }

    private void takeOwner(WalOwner found) {
        if (!found.equals(owner)) {
            throw new IllegalArgumentException(
                    "this is the log of %s, not of %s".formatted(found, owner));
        }
        hasOwner = true;
    }

    private void takeEntry(Segment segment, Reading.Whole record) throws IOException {
        Entry entry = Payload.entry(record);
        index.append(
                entry.index(),
                entry.term(),
                new Place(segment.number(), record.offset(), record.before()));
    }

    private void takeState(HardState next) {
        if (next.term() < state.term()) {
            throw new IllegalArgumentException(
                    "term %d follows term %d".formatted(next.term(), state.term()));
        }
        state = next;
    }

    private void takeMark(SnapshotMark mark) {
        marks.add(mark);
        index.mark(mark.index(), mark.term());
    }
}

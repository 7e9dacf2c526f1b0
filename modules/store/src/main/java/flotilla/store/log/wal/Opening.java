package flotilla.store.log.wal;

import flotilla.platform.disk.Directory;
import flotilla.platform.disk.StoredFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads a log from its first file to its last, refuses what is damaged, and cuts off an end that a
 * power cut tore. Only the last file may have one that matters: the others were synced before their
 * successor got its name, and what is missing of one shows in the chain where the next goes on.
 */
final class Opening {
    private final Directory directory;
    private final List<Segment> segments = new ArrayList<>();
    private final Replay replay;

    /** What ended the reading of the file that was read last. */
    private Reading stop = new Reading.End(0);

    private Opening(Directory directory, WalOwner owner, SegmentName oldest) {
        this.directory = directory;
        this.replay = new Replay(owner, oldest);
    }

    /** The names of a log's files, in their order; none if there is no log. */
    static List<SegmentName> names(Directory directory) throws IOException {
        return directory.names().stream()
                .map(SegmentName::parse)
                .filter(Objects::nonNull)
                .sorted(Comparator.comparingLong(SegmentName::number))
                .toList();
    }

    static Opened open(Directory directory, WalOwner owner, WalOptions options) throws IOException {
        List<SegmentName> names = names(directory);
        requireUnbroken(directory, names);
        Opening opening = new Opening(directory, owner, names.getFirst());
        boolean done = false;
        try {
            Place end = opening.readAll(names);
            Optional<TornTail> torn = opening.cutTail();
            Opened opened = opening.opened(new Wal.Home(directory, owner, options), end, torn);
            done = true;
            return opened;
        } finally {
            if (!done) {
                for (Segment segment : opening.segments) {
                    segment.file().close();
                }
            }
        }
    }

    private static void requireUnbroken(Directory directory, List<SegmentName> names)
            throws DamagedLog {
        if (names.isEmpty()) {
            throw DamagedLog.in(directory.place(""), "there is no file of a log");
        }
        for (int i = 1; i < names.size(); i++) {
            SegmentName before = names.get(i - 1);
            SegmentName name = names.get(i);
            if (name.number() != before.number() + 1) {
                throw DamagedLog.in(
                        directory.place(""),
                        "no file, or more than one, stands between %s and %s"
                                .formatted(before, name));
            }
        }
    }

    /** Where the log ends. */
    private Place readAll(List<SegmentName> names) throws IOException {
        Place end = new Place(-1, 0, 0);
        for (SegmentName name : names) {
            String place = directory.place(name.toString());
            Segment segment = new Segment(name, directory.open(name.toString()), place);
            segments.add(segment);
            RecordReader reader =
                    segments.size() == 1 && name.number() > 0
                            ? RecordReader.believing(segment.file(), 0)
                            : RecordReader.from(segment.file(), 0, end.chain());
            stop = read(segment, reader);
            if (stop instanceof Reading.Broken broken && !broken.maybeTorn()) {
                throw damaged(segment, broken);
            }
            if (!replay.hasOwner()) {
                throw DamagedLog.at(
                        place,
                        stop.offset(),
                        "the head of the file, which was on the disk before it got its name, is"
                                + " not whole");
            }
            end = new Place(name.number(), stop.offset(), reader.chain());
        }
        return end;
    }

    /** Up to what is no record. */
    private Reading read(Segment segment, RecordReader reader) throws IOException {
        replay.beginSegment();
        Reading reading = reader.next();
        while (reading instanceof Reading.Whole record) {
            replay.take(segment, record);
            reading = reader.next();
        }
        return reading;
    }

    private DamagedLog damaged(Segment segment, Reading.Broken broken) {
        String what = broken.what();
        if (broken.offset() == 0 && segments.size() > 1) {
            what +=
                    ": this file doesn't go on where %s ends; one of the two is damaged"
                            .formatted(segments.get(segments.size() - 2).place());
        }
        return DamagedLog.at(segment.place(), broken.offset(), what);
    }

    /**
     * Has nothing but zeros after the log's end, or refuses. Without that the next records could
     * end just before an old one, which then would count.
     */
    private Optional<TornTail> cutTail() throws IOException {
        long end = stop.offset();
        Segment last = segments.getLast();
        StoredFile file = last.file();
        if (replay.isSealed()) {
            throw DamagedLog.in(
                    directory.place(
                            new SegmentName(last.number() + 1, replay.index().last() + 1)
                                    .toString()),
                    "the file is gone: %s says that the log goes on in it".formatted(last.place()));
        }
        boolean toTheEnd = stop instanceof Reading.Broken || file.size() - end < Frame.BYTES;
        if (toTheEnd && file.size() % TornRecord.SECTOR_BYTES != 0) {
            throw DamagedLog.at(
                    last.place(),
                    file.size(),
                    "the file ends within a sector, where no power cut ends one: it was cut");
        }
        long written = Zeros.endOfOthers(file, end, file.size());
        if (written == end) {
            return Optional.empty();
        }
        requireTorn(last, end);
        Zeros.write(file, end, written);
        return Optional.of(new TornTail(last.place(), end, written - end));
    }

    /** More was written after the log's end: by a batch that a power cut tore, or it is damaged. */
    private void requireTorn(Segment last, long end) throws IOException {
        if (stop instanceof Reading.End
                && Zeros.endOfOthers(last.file(), end, sectorEnd(end)) > end) {
            throw DamagedLog.at(
                    last.place(),
                    end,
                    "no record begins here, but its sector has more, and a disk writes a sector whole");
        }
        if (LaterSync.isProvedAfter(last.file(), end)) {
            throw DamagedLog.at(
                    last.place(),
                    end,
                    "the log breaks off here, but more was written to the file after this had"
                            + " reached the disk");
        }
    }

    private static long sectorEnd(long offset) {
        return (offset / TornRecord.SECTOR_BYTES + 1) * TornRecord.SECTOR_BYTES;
    }

    private Opened opened(Wal.Home home, Place end, Optional<TornTail> torn) throws IOException {
        // What an earlier process wrote may not be on the disk yet, nor what was just cut off it;
        // but whoever reads it here will rely on it.
        segments.getLast().file().sync();
        directory.sync();
        for (String name : directory.names()) {
            if (name.endsWith(SegmentName.UNFINISHED)) {
                directory.delete(name);
            }
        }
        StoredEntries entries =
                new StoredEntries(
                        replay.index(), new RecentEntries(home.options().cacheBytes()), segments);
        Tail tail = Tail.after(segments.getLast(), home.options(), end, replay.endsWithCrc());
        Wal wal = new Wal(home, entries, tail, replay.state());
        return new Opened(wal, replay.state(), replay.marks(), torn);
    }
}

package flotilla.store.log.wal;

import flotilla.platform.disk.Directory;
import flotilla.platform.disk.StoredFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A directory that makes one mistake, as if the log made it: by leaving out a step, or by taking
 * one too early.
 */
final class Careless implements Directory {
    /** Mistakes that programs like this one have been caught with. */
    enum Mistake {
        NONE,
        /** Acknowledged before the fsync. */
        NO_SYNC,
        /** The fsync of a new file's name is left out. */
        NO_DIRECTORY_SYNC,
        /** A file gets its name before its head is on the disk. */
        NAME_BEFORE_HEAD,
        /** Old files go in any order. */
        DELETES_TOGETHER,
        /** What follows the end is left as it is when a torn log is opened. */
        TAIL_NOT_ZEROED,
        /** What a killed process left in memory is taken as if it were on the disk. */
        READ_BUT_NOT_SYNCED,
        /** A failed fsync is tried again, and that one succeeds. */
        FAILED_SYNC_TRIED_AGAIN,
        /** Only the last file is synced when records went to two. */
        FULL_FILE_NOT_SYNCED,
        /** A record counts if it can be parsed. */
        CHECKSUMS_NOT_CHECKED
    }

    private final Directory directory;
    private final Mistake mistake;
    private boolean opening;
    private int deleted;

    Careless(Directory directory, Mistake mistake) {
        this.directory = directory;
        this.mistake = mistake;
    }

    /** Whether the log is just being opened. */
    void opening(boolean now) {
        opening = now;
    }

    @Override
    public List<String> names() throws IOException {
        return directory.names();
    }

    @Override
    public StoredFile create(String name) throws IOException {
        deleted = 0;
        return new File(directory.create(name), true);
    }

    @Override
    public StoredFile open(String name) throws IOException {
        return new File(directory.open(name), false);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        deleted = 0;
        directory.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        directory.delete(name);
        deleted++;
    }

    @Override
    public void sync() throws IOException {
        boolean leftOut =
                switch (mistake) {
                    case NO_DIRECTORY_SYNC -> true;
                    case DELETES_TOGETHER -> deleted > 0;
                    case READ_BUT_NOT_SYNCED -> opening;
                    default -> false;
                };
        if (!leftOut) {
            directory.sync();
        }
    }

    @Override
    public String place(String name) {
        return directory.place(name);
    }

    private final class File implements StoredFile {
        private final StoredFile file;
        private final boolean isNew;
        private int syncs;

        File(StoredFile file, boolean isNew) {
            this.file = file;
            this.isNew = isNew;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void read(ByteBuffer into, long position) throws IOException {
            file.read(into, position);
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            if (mistake == Mistake.TAIL_NOT_ZEROED && opening) {
                return;
            }
            file.write(from, position);
        }

        @Override
        public void sync() throws IOException {
            syncs++;
            boolean leftOut =
                    switch (mistake) {
                        case NO_SYNC -> !isNew || syncs > 1;
                        case NAME_BEFORE_HEAD -> isNew && syncs == 1;
                        case READ_BUT_NOT_SYNCED -> opening;
                        case FULL_FILE_NOT_SYNCED -> size() > CrashRun.OPTIONS.segmentBytes();
                        default -> false;
                    };
            if (leftOut) {
                return;
            }
            try {
                file.sync();
            } catch (IOException e) {
                if (mistake != Mistake.FAILED_SYNC_TRIED_AGAIN) {
                    throw e;
                }
                file.sync();
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}

package flotilla.platform.disk;

import flotilla.platform.disk.SimulatedFile.Fate;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A machine's disk in memory that loses at a power cut whatever a real one may lose: of the sectors
 * written since a file's last sync any subset, in any of the versions they had; of the names
 * changed since a directory's last sync any subset of the changes, a file's length too. A sector
 * itself is written whole or not at all. It can also be full, fail and rot.
 *
 * <p>For one thread, like the simulation it belongs to.
 */
public final class SimulatedDisk {
    /** The largest unit that every disk writes whole, in bytes. */
    public static final int SECTOR_BYTES = 512;

    /** What a program may ask of a disk. */
    public enum Operation {
        LIST,
        CREATE,
        OPEN,
        READ,
        WRITE,
        SYNC,
        RENAME,
        DELETE,
        SYNC_DIRECTORY
    }

    /**
     * Told of each operation before it is done: the place to let time pass, to cut the power, or to
     * have the operation fail. A sync that fails has lost what it should have made durable.
     */
    @FunctionalInterface
    public interface Trouble {
        void before(Operation operation, String file) throws IOException;
    }

    private final Map<String, SimulatedDirectory> directories = new TreeMap<>();
    private Trouble trouble = (_, _) -> {};
    private long capacityBytes = Long.MAX_VALUE;

    /** The directory of that path, made if there is none; making it needs no sync. */
    public Directory directory(String path) {
        return directories.computeIfAbsent(path, SimulatedDirectory::new);
    }

    public void trouble(Trouble next) {
        trouble = next;
    }

    /** From now on files may not grow beyond this, all together, in bytes. */
    public void limit(long bytes) {
        capacityBytes = bytes;
    }

    /** Turns a bit of what is on the disk. */
    public void flip(String path, String name, long position, int bit) throws IOException {
        ((SimulatedDirectory) directory(path)).file(name).flip(position, bit);
    }

    /**
     * The disk as a machine finds it that is switched on again. This one is left as it is, so that
     * the power can be cut in many ways at one moment.
     */
    public SimulatedDisk afterPowerCut(RandomGenerator chance) {
        SimulatedDisk after = new SimulatedDisk();
        Fate fate = fate(chance);
        IdentityHashMap<SimulatedFile, SimulatedFile> left = new IdentityHashMap<>();
        directories.forEach((path, directory) -> {
            SimulatedDirectory again = after.new SimulatedDirectory(path);
            directory
                    .namesAfterPowerCut(fate)
                    .forEach((name, file) ->
                            again.put(
                                    name,
                                    left.computeIfAbsent(file, _ -> file.afterPowerCut(fate))));
            after.directories.put(path, again);
        });
        return after;
    }

    /** One cut in four loses all that it may, one nothing, one a single thing, one any. */
    private Fate fate(RandomGenerator chance) {
        return switch (chance.nextInt(4)) {
            case 0 -> _ -> 0;
            case 1 -> versions -> versions;
            case 2 -> {
                int[] left = {chance.nextInt(1 + atStake())};
                yield versions -> left[0]-- == 0 ? chance.nextInt(versions) : versions;
            }
            default -> versions -> chance.nextInt(versions + 1);
        };
    }

    private int atStake() {
        return directories.values().stream().mapToInt(SimulatedDirectory::atStake).sum();
    }

    /** What all files take. */
    public long usedBytes() {
        return directories.values().stream()
                .flatMap(directory -> directory.seen.values().stream())
                .mapToLong(SimulatedFile::size)
                .sum();
    }

    private final class SimulatedDirectory implements Directory {
        private final String path;
        private final Map<String, SimulatedFile> seen = new TreeMap<>();
        private final Map<String, SimulatedFile> durable = new HashMap<>();
        private final List<Change> unsynced = new ArrayList<>();

        /** A name that appeared, went, or both. */
        private record Change(List<String> gone, Map<String, SimulatedFile> come) {
            void applyTo(Map<String, SimulatedFile> names) {
                gone.forEach(names::remove);
                names.putAll(come);
            }
        }

        SimulatedDirectory(String path) {
            this.path = path;
        }

        void put(String name, SimulatedFile file) {
            seen.put(name, file);
            durable.put(name, file);
        }

        int atStake() {
            return unsynced.size() + seen.values().stream().mapToInt(SimulatedFile::atStake).sum();
        }

        Map<String, SimulatedFile> namesAfterPowerCut(Fate fate) {
            Map<String, SimulatedFile> names = new TreeMap<>(durable);
            unsynced.stream()
                    .filter(_ -> fate.kept(1) > 0)
                    .forEach(change -> change.applyTo(names));
            return names;
        }

        private void change(List<String> gone, Map<String, SimulatedFile> come) {
            Change change = new Change(gone, come);
            change.applyTo(seen);
            unsynced.add(change);
        }

        private SimulatedFile file(String name) throws IOException {
            SimulatedFile file = seen.get(name);
            if (file == null) {
                throw new FileNotFoundException(place(name));
            }
            return file;
        }

        @Override
        public List<String> names() throws IOException {
            trouble.before(Operation.LIST, path);
            return List.copyOf(seen.keySet());
        }

        @Override
        public StoredFile create(String name) throws IOException {
            trouble.before(Operation.CREATE, place(name));
            if (seen.containsKey(name)) {
                throw new FileAlreadyExistsException(place(name));
            }
            SimulatedFile file = new SimulatedFile();
            change(List.of(), Map.of(name, file));
            return new Handle(file, place(name));
        }

        @Override
        public StoredFile open(String name) throws IOException {
            trouble.before(Operation.OPEN, place(name));
            return new Handle(file(name), place(name));
        }

        @Override
        public void rename(String from, String to) throws IOException {
            trouble.before(Operation.RENAME, place(to));
            change(List.of(from), Map.of(to, file(from)));
        }

        @Override
        public void delete(String name) throws IOException {
            trouble.before(Operation.DELETE, place(name));
            file(name);
            change(List.of(name), Map.of());
        }

        @Override
        public void sync() throws IOException {
            trouble.before(Operation.SYNC_DIRECTORY, path);
            unsynced.clear();
            durable.clear();
            durable.putAll(seen);
        }

        @Override
        public String place(String name) {
            return path + "/" + name;
        }
    }

    private final class Handle implements StoredFile {
        private final SimulatedFile file;
        private final String place;
        private boolean open = true;

        Handle(SimulatedFile file, String place) {
            this.file = file;
            this.place = place;
        }

        private void begin(Operation operation) throws IOException {
            if (!open) {
                throw new ClosedChannelException();
            }
            trouble.before(operation, place);
        }

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public void read(ByteBuffer into, long position) throws IOException {
            begin(Operation.READ);
            file.read(into, position);
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            begin(Operation.WRITE);
            long missing = position + from.remaining() - file.size();
            if (capacityBytes != Long.MAX_VALUE && missing > 0) {
                long lacking = missing - Math.max(0, capacityBytes - usedBytes());
                if (lacking > 0) {
                    from.limit(from.position() + fitting(from.remaining() - lacking, position));
                    file.write(from, position);
                    throw new IOException("No space left on device");
                }
            }
            file.write(from, position);
        }

        /**
         * Of what would find room, as much as ends a sector: a file system gives room in blocks.
         */
        private static int fitting(long bytes, long position) {
            long end = (position + bytes) / SECTOR_BYTES * SECTOR_BYTES;
            return (int) Math.max(0, end - position);
        }

        @Override
        public void sync() throws IOException {
            try {
                begin(Operation.SYNC);
            } catch (IOException e) {
                file.forgetUnsynced();
                throw e;
            }
            file.sync();
        }

        @Override
        public void close() {
            open = false;
        }
    }
}

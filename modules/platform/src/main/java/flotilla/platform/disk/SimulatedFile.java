package flotilla.platform.disk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The contents of a file on a {@link SimulatedDisk}: what its readers see, what a power cut leaves
 * for certain, and between the two each version of each sector that was written since. A sector's
 * array is never changed once it is in a list, so that lists can be copied without their bytes.
 */
final class SimulatedFile {
    private static final byte[] ZEROS = new byte[SimulatedDisk.SECTOR_BYTES];

    private final List<byte[]> seen;
    private final List<byte[]> durable;
    private final SortedMap<Integer, List<byte[]>> unsynced = new TreeMap<>();
    private long size;
    private long durableSize;

    SimulatedFile() {
        this(new ArrayList<>(), 0);
    }

    /** One that is on the disk as it is. */
    private SimulatedFile(List<byte[]> sectors, long size) {
        this.seen = sectors;
        this.durable = new ArrayList<>(sectors);
        this.size = size;
        this.durableSize = size;
    }

    long size() {
        return size;
    }

    void read(ByteBuffer into, long position) {
        long at = position;
        while (into.hasRemaining() && at < size) {
            int from = (int) (at % SimulatedDisk.SECTOR_BYTES);
            int length =
                    (int)
                            Math.min(
                                    Math.min(into.remaining(), SimulatedDisk.SECTOR_BYTES - from),
                                    size - at);
            into.put(sector(seen, number(at)), from, length);
            at += length;
        }
    }

    void write(ByteBuffer from, long position) {
        long at = position;
        while (from.hasRemaining()) {
            int number = number(at);
            int offset = (int) (at % SimulatedDisk.SECTOR_BYTES);
            int length = Math.min(from.remaining(), SimulatedDisk.SECTOR_BYTES - offset);
            byte[] version = sector(seen, number).clone();
            from.get(version, offset, length);
            put(seen, number, version);
            unsynced.computeIfAbsent(number, _ -> new ArrayList<>()).add(version);
            at += length;
        }
        size = Math.max(size, at);
    }

    void sync() {
        unsynced.keySet().forEach(number -> put(durable, number, sector(seen, number)));
        unsynced.clear();
        durableSize = size;
    }

    /**
     * A sync failed: readers still see what was written, but the system has marked it clean, and no
     * later sync will write it.
     */
    void forgetUnsynced() {
        unsynced.clear();
    }

    /** Damages what is on the disk. */
    void flip(long position, int bit) {
        int number = number(position);
        byte[] damaged = sector(seen, number).clone();
        damaged[(int) (position % SimulatedDisk.SECTOR_BYTES)] ^= (byte) (1 << bit);
        put(seen, number, damaged);
        put(durable, number, damaged);
    }

    /** What a power cut leaves of it. */
    SimulatedFile afterPowerCut(Fate fate) {
        List<byte[]> left = new ArrayList<>(durable);
        unsynced.forEach((number, versions) -> {
            int written = fate.kept(versions.size());
            if (written > 0) {
                put(left, number, versions.get(written - 1));
            }
        });
        long length = fate.kept(1) > 0 ? size : durableSize;
        cut(left, length);
        return new SimulatedFile(left, length);
    }

    /** How many things a power cut may take from it. */
    int atStake() {
        return unsynced.size() + 1;
    }

    /** What a power cut does to each thing that was not synced: a sector, a length, a name. */
    @FunctionalInterface
    interface Fate {
        /** Which of its versions since the last sync is on the disk, from 1; 0 for none of them. */
        int kept(int versions);
    }

    /** What lay beyond the end is never seen again, also when the file gets longer. */
    private static void cut(List<byte[]> sectors, long length) {
        int whole = number(length);
        int rest = (int) (length % SimulatedDisk.SECTOR_BYTES);
        if (rest > 0) {
            put(
                    sectors,
                    whole,
                    Arrays.copyOf(
                            Arrays.copyOf(sector(sectors, whole), rest),
                            SimulatedDisk.SECTOR_BYTES));
            whole++;
        }
        if (whole < sectors.size()) {
            sectors.subList(whole, sectors.size()).clear();
        }
    }

    private static int number(long position) {
        return Math.toIntExact(position / SimulatedDisk.SECTOR_BYTES);
    }

    private static byte[] sector(List<byte[]> sectors, int number) {
        return number < sectors.size() ? sectors.get(number) : ZEROS;
    }

    private static void put(List<byte[]> sectors, int number, byte[] version) {
        while (sectors.size() <= number) {
            sectors.add(ZEROS);
        }
        sectors.set(number, Arrays.equals(version, ZEROS) ? ZEROS : version);
    }
}

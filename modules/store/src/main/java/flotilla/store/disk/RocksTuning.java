package flotilla.store.disk;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;

/** RocksDB's settings: a modest, bounded share of memory whatever the size of the store. */
final class RocksTuning implements AutoCloseable {
    /**
     * Cache of uncompressed blocks, in bytes, outside the heap: data, and the indexes and filters
     * too, so that memory doesn't grow with the number of keys. Those are cut into pieces of a
     * block each, for whole ones (about 2 MB for a million entries) push each other out, and a read
     * of a key then costs five times as much.
     */
    private static final long BLOCK_CACHE_BYTES = 32L << 20;

    /** Of the cache, the share that pieces of indexes and filters hold against data. */
    private static final double METADATA_SHARE = 0.5;

    /** Size at which written data is sorted into a file, in bytes; twice this while it is. */
    private static final long WRITE_BUFFER_BYTES = 16L << 20;

    /** Bits per key of the filters that spare lookups of absent keys; 10 lets 1 % through. */
    private static final int FILTER_BITS = 10;

    /** Files kept open at most. */
    private static final int OPEN_FILES_MAX = 256;

    /** Size at which the list of tables is begun anew, in bytes; it is read whole at a start. */
    private static final long MANIFEST_BYTES_MAX = 4L << 20;

    /** Bytes per second interval after which written files are passed on to the disk. */
    private static final long BYTES_PER_SYNC = 1L << 20;

    /** In as many parts as RocksDB finds fit, and it may be overdrawn: a read is never refused. */
    private final Cache cache = new LRUCache(BLOCK_CACHE_BYTES, -1, false, METADATA_SHARE);

    private final BloomFilter filter = new BloomFilter(FILTER_BITS);
    private final Options options = new Options();

    RocksTuning() {
        BlockBasedTableConfig table =
                new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setFilterPolicy(filter)
                        .setIndexType(IndexType.kTwoLevelIndexSearch)
                        .setPartitionFilters(true)
                        .setCacheIndexAndFilterBlocks(true)
                        .setCacheIndexAndFilterBlocksWithHighPriority(true)
                        .setPinTopLevelIndexAndFilter(true)
                        .setPinL0FilterAndIndexBlocksInCache(true);
        options.setCreateIfMissing(true)
                .setTableFormatConfig(table)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setMaxWriteBufferNumber(2)
                .setMaxOpenFiles(OPEN_FILES_MAX)
                .setMaxManifestFileSize(MANIFEST_BYTES_MAX)
                .setBytesPerSync(BYTES_PER_SYNC)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2)
                .setMaxBackgroundJobs(2);
    }

    Options options() {
        return options;
    }

    @Override
    public void close() {
        options.close();
        filter.close();
        cache.close();
    }
}

package flotilla.store;

import flotilla.store.apply.level.FeatureLevel;
import flotilla.store.boot.Bootstrap;
import flotilla.store.boot.DataDir;
import flotilla.store.boot.EtcdConfig;
import flotilla.store.log.Membership;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A member alone, with a log of small files and many checkpoints, which keeps little of it. */
final class SmallMember {
    static final long PATIENCE_SECONDS = 30;

    private static final int SNAPSHOT_ENTRIES = 100;
    private static final int SEGMENT_BYTES = 8 << 10;
    private static final URI CLIENT = URI.create("http://127.0.0.1:" + FreePort.take());
    private static final URI PEER = URI.create("http://127.0.0.1:" + FreePort.take());

    private SmallMember() {}

    static EtcdServer start(Path directory) throws IOException, InterruptedException {
        EtcdConfig config = EtcdConfig.single(directory, CLIENT, PEER);
        MemberLog.Program program =
                new MemberLog.Program(
                        FeatureLevel.READABLE, SEGMENT_BYTES, SEGMENT_BYTES, SNAPSHOT_ENTRIES);
        return EtcdServer.start(config, membership(config), program);
    }

    private static Membership membership(EtcdConfig config)
            throws IOException, InterruptedException {
        try (DataDir directory = DataDir.open(config.dataDir())) {
            Optional<Membership> kept = directory.membership();
            if (kept.isPresent()) {
                return kept.get();
            }
            Membership settled = Bootstrap.membership(config, directory);
            directory.keep(settled);
            return settled;
        }
    }

    /** Starts it, puts, stops it in order; what its contents come to. */
    static int put(Path directory, int from, int to) throws Exception {
        try (EtcdServer member = start(directory)) {
            member.ready().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            put(member, from, to);
            return member.machine().hashKv(0).getHash();
        }
    }

    static void put(EtcdServer member, int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            var _ =
                    member.propose(Commands.put("k" + i % 50, "v" + i + "x".repeat(50)))
                            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }
}

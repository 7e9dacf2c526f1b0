package flotilla.store;

import flotilla.store.boot.Bootstrap;
import flotilla.store.boot.DataDir;
import flotilla.store.boot.EtcdConfig;
import flotilla.store.boot.MemberIds;
import flotilla.store.log.Membership;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One etcd member from its flags: takes the data directory, settles who takes part, serves. */
public final class EtcdDaemon implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EtcdDaemon.class);

    private final DataDir directory;
    private final EtcdServer server;

    private EtcdDaemon(DataDir directory, EtcdServer server) {
        this.directory = directory;
        this.server = server;
    }

    /**
     * Returns once the ports are open; {@link #ready} tells when there is a leader. On a fresh data
     * directory with discovery it blocks until the cluster's size is reached; interrupt it to give
     * up.
     */
    public static EtcdDaemon start(EtcdConfig config) throws IOException, InterruptedException {
        return start(config, MemberLog.program(config));
    }

    /** Of a program like this one but for what is said. */
    static EtcdDaemon start(EtcdConfig config, MemberLog.Program program)
            throws IOException, InterruptedException {
        config.ignored().forEach(flag -> log.warn("--{} makes no difference here", flag));
        config.tls().remarks().forEach(log::warn);
        DataDir directory = DataDir.open(config.dataDir());
        try {
            Membership membership = settle(config, directory, program);
            return new EtcdDaemon(directory, EtcdServer.start(config, membership, program));
        } catch (IOException | InterruptedException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /** A directory that knows who it is asks nobody again. */
    private static Membership settle(
            EtcdConfig config, DataDir directory, MemberLog.Program program)
            throws IOException, InterruptedException {
        Optional<Membership> kept = directory.membership();
        if (kept.isPresent()) {
            log.info(
                    "data directory {} is member {} of cluster {}; discovery and initial-cluster"
                            + " are not looked at",
                    config.dataDir(),
                    MemberIds.hex(kept.get().self()),
                    MemberIds.hex(kept.get().clusterId()));
            return kept.get();
        }
        Membership membership =
                config.joinsExisting()
                        ? Introducer.membership(config, program.reads())
                        : Bootstrap.membership(config, directory);
        directory.keep(membership);
        log.info(
                "member {} of the {} cluster {} with {} member(s)",
                MemberIds.hex(membership.self()),
                membership.joins() ? "running" : "new",
                MemberIds.hex(membership.clusterId()),
                membership.members().size());
        return membership;
    }

    /** Completes when this member has a leader and serves. */
    public CompletableFuture<Void> ready() {
        return server.ready();
    }

    public EtcdServer server() {
        return server;
    }

    @Override
    public void close() throws IOException {
        try {
            server.close();
        } finally {
            directory.close();
        }
    }
}

package flotilla.fleet;

import flotilla.fleet.api.ApiConfig;
import flotilla.fleet.registry.Layout;
import flotilla.platform.tls.TlsFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * fleetd's settings; see {@link FleetSettings} for where they come from and their names.
 *
 * @param etcdTokenFile holds the cluster's token, for a store that guards fleet's keys
 * @param etcdTls what to show a store at {@code https://}, and whom to trust there
 * @param publicIp empty: the host's own address
 * @param trust where this machine's certificates of a cluster are; with them its API is served to
 *     who shows one too
 * @param agentTtl how long a machine that is silent still counts; whole seconds
 * @param leaveOnStop whether a daemon that is told to end stops its units and takes the machine out
 *     of the cluster, as the original does; otherwise they run on
 */
public record FleetConfig(
        List<String> etcdServers,
        Duration etcdRequestTimeout,
        String etcdKeyPrefix,
        Optional<Path> etcdTokenFile,
        TlsFiles etcdTls,
        Optional<String> publicIp,
        Optional<Path> trust,
        Map<String, String> metadata,
        Duration agentTtl,
        int tokenLimit,
        boolean disableEngine,
        boolean leaveOnStop,
        int verbosity) {
    /**
     * The original waits 30 s; ours lets units move within 8 s of a machine's loss. A machine
     * renews three times per TTL.
     */
    public static final Duration DEFAULT_AGENT_TTL = Duration.ofSeconds(5);

    /** Longer than the store needs to elect a leader; the original's 1 s is not. */
    public static final Duration DEFAULT_ETCD_REQUEST_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration ENGINE_TTL = Duration.ofSeconds(3);

    private static final Duration MIN_AGENT_TTL = Duration.ofSeconds(2);

    public FleetConfig {
        etcdServers = List.copyOf(etcdServers);
        metadata = Map.copyOf(metadata);
        if (agentTtl.compareTo(MIN_AGENT_TTL) < 0) {
            throw new IllegalArgumentException(
                    "agent_ttl " + agentTtl.toSeconds() + "s is too short: at least 2s");
        }
    }

    /**
     * How long an engine that is silent still leads: less than a machine counts, so that after the
     * loss of the leader's machine the next engine is at work when that machine's lease ends. To
     * lose the lead for a moment costs nothing: placements stay.
     */
    public Duration engineTtl() {
        return agentTtl.compareTo(ENGINE_TTL) < 0 ? agentTtl : ENGINE_TTL;
    }

    /** What counts when nothing is said. */
    public static FleetConfig defaults() {
        return new FleetConfig(
                List.of("http://127.0.0.1:2379", "http://127.0.0.1:4001"),
                DEFAULT_ETCD_REQUEST_TIMEOUT,
                Layout.DEFAULT_PREFIX,
                Optional.empty(),
                TlsFiles.NONE,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                DEFAULT_AGENT_TTL,
                ApiConfig.DEFAULT_PAGE_LIMIT,
                false,
                true,
                0);
    }
}

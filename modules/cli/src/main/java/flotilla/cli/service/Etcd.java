package flotilla.cli.service;

import flotilla.cli.command.CommandFailure;
import flotilla.store.EtcdDaemon;
import flotilla.store.EtcdServer;
import flotilla.store.boot.EtcdConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code flotilla etcd}: one member of the store, by etcd's own flags. */
@Command(
        name = "etcd",
        description = Etcd.SUMMARY,
        mixinStandardHelpOptions = true,
        versionProvider = EtcdVersionLines.class,
        synopsisHeading = "Usage: ",
        customSynopsis = "flotilla etcd [FLAGS]%n",
        footerHeading = "%nFlags, with etcd's defaults:%n",
        footer = {
            "  --name=NAME                         default",
            "  --data-dir=DIR                      NAME.etcd",
            "  --listen-client-urls=URLS           http://localhost:2379",
            "  --config-file=FILE                  none; instead of all flags and variables",
            "  --advertise-client-urls=URLS        what it listens on",
            "  --listen-peer-urls=URLS             http://localhost:2380",
            "  --initial-advertise-peer-urls=URLS  what it listens on",
            "  --initial-cluster=NAME=URL,...      this member alone",
            "  --initial-cluster-token=TOKEN       etcd-cluster",
            "  --initial-cluster-state=new|existing existing: was added to a running cluster",
            "  --force-new-cluster                 of its data, alone: the others are lost",
            "  --discovery=URL                     a token's, instead of --initial-cluster",
            "  --heartbeat-interval=MS             100",
            "  --election-timeout=MS               1000",
            "  --snapshot-count=ENTRIES            10000",
            "  --max-txn-ops=N                     128",
            "  --max-request-bytes=N               1572864",
            "  --quota-backend-bytes=N             2147483648; below 0: without end",
            "  --auto-compaction-mode=periodic|revision",
            "  --auto-compaction-retention=TIME|N  0; keeps all history",
            "  --max-concurrent-streams=N          4294967295; calls on one connection",
            "  --grpc-keepalive-min-time=TIME      5s; clients may ping no more often",
            "  --grpc-keepalive-interval=TIME      2h; 0: clients are not pinged",
            "  --grpc-keepalive-timeout=TIME       20s",
            "  --cors=ORIGINS                      *; web pages that may ask",
            "  --host-whitelist=NAMES              *; what HTTP clients may call it",
            "  --experimental-corrupt-check-time=TIME 12h; the leader compares states, 0: never",
            "  --experimental-initial-corrupt-check and each before it takes part again",
            "  --experimental-max-streams=N        by the heap; streams of watches and renewals",
            "  --experimental-max-watches=N        by the heap",
            "  --experimental-max-watches-per-stream=N 10000",
            "  --experimental-guarded-prefix=KEY,... none; writes below it need the token",
            "  --experimental-guarded-prefix-token-file=FILE none; a certificate does instead",
            "  --experimental-local-client-url=URL none; listens there too, and tells nobody",
            "  --cert-file=FILE, --key-file=FILE   PEM; for https:// in --listen-client-urls",
            "  --trusted-ca-file=FILE              none; clients must show its certificates",
            "  --client-cert-auth                  as above, by this system's authorities",
            "  --client-crl-file=FILE              none; certificates that are revoked",
            "  --client-cert-allowed-hostname=NAMES any",
            "  --experimental-denied-identities-file=FILE none; URIs of certificates, of members too,",
            "                                      that are believed no more",
            "  --auto-tls                          with a certificate made here",
            "  --self-signed-cert-validity=YEARS   1",
            "  --cipher-suites=NAMES               the JDK's choice; those of TLS 1.2",
            "  --tls-min-version, --tls-max-version=TLS1.2|TLS1.3",
            "  --addr, --peer-addr, --bind-addr, --peer-bind-addr=HOST:PORT (etcd 0.4)",
            "",
            "Examples:",
            "  flotilla etcd --data-dir /var/lib/etcd",
            "  flotilla etcd --name a --discovery http://127.77.0.1:8087/TOKEN \\",
            "      --listen-peer-urls http://10.0.0.1:2380 --listen-client-urls http://10.0.0.1:2379"
        })
public final class Etcd implements Callable<Integer> {
    public static final String SUMMARY =
            "Run one member of the store, with etcd's flags and ETCD_... variables.";

    @Unmatched private List<String> flags = new ArrayList<>();
    @Mixin private LogOptions logging = new LogOptions();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        logging.apply();
        EtcdConfig config = config();
        try {
            EtcdDaemon daemon = EtcdDaemon.start(config);
            EtcdServer server = daemon.server();
            return ServiceRun.until(
                    new ServiceRun.Signs(server.ready(), server.failure(), server::pulse), daemon);
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandFailure("etcd can't start: " + e.getMessage());
        }
    }

    private EtcdConfig config() {
        try {
            return EtcdConfig.parse(flags, System.getenv());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}

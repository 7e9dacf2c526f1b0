package flotilla.store.boot;

import flotilla.store.log.ReplicatedLog;
import flotilla.store.watch.WatchLimits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * etcd's flags as text: {@code --a-b=v}, {@code --a-b v}, {@code -a-b v}, or {@code ETCD_A_B} in
 * the environment. Knows the names of etcd 3.4 and of 0.4, on which old cloud-configs rely.
 */
final class EtcdFlags {
    private static final Logger log = LoggerFactory.getLogger(EtcdFlags.class);

    private static final String DEFAULT_CLIENT = "http://localhost:2379";
    private static final String DEFAULT_PEER = "http://localhost:2380";

    /** Where a URL also serves whoever asks 127.0.0.1. */
    private static final Set<String> ANY_OR_LOOPBACK =
            Set.of("localhost", "127.0.0.1", "0.0.0.0", "[::]");

    /** What etcd calls a cluster that was given no token. */
    private static final String DEFAULT_TOKEN = "etcd-cluster";

    /**
     * How often the leader compares states. etcd's default is never, for each time costs a pass
     * over all keys on every member; twice a day that is little, and a state that differs is known
     * within the day.
     */
    private static final String CORRUPT_CHECK_PAUSE = "12h";

    private static final long UINT32_MAX = 0xffff_ffffL;

    private final Map<String, String> values = new HashMap<>();

    private EtcdFlags() {}

    static EtcdFlags parse(List<String> arguments, Map<String, String> environment) {
        EtcdFlags flags = new EtcdFlags();
        StockFlags.all()
                .forEach(name -> {
                    String value = environment.get(variable(name));
                    if (value != null && !value.isEmpty()) {
                        flags.values.put(name, value);
                    }
                });
        flags.takeAll(arguments);
        flags.value("config-file").ifPresent(flags::takeOnly);
        return flags;
    }

    /** As etcd: what else was given, on the command line or in the environment, is passed over. */
    private void takeOnly(String file) {
        log.warn(
                "Loading server configuration from \"{}\". Other configuration command line flags and"
                        + " environment variables will be ignored if provided.",
                file);
        values.clear();
        values.putAll(ConfigFile.read(Path.of(file)));
    }

    private static String variable(String flag) {
        return "ETCD_" + flag.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private void takeAll(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (!argument.startsWith("-")) {
                throw new IllegalArgumentException("'" + argument + "' is not a valid flag");
            }
            String flag = argument.replaceFirst("^--?", "");
            int equals = flag.indexOf('=');
            String name = equals < 0 ? flag : flag.substring(0, equals);
            requireKnown(name);
            if (equals >= 0) {
                values.put(name, flag.substring(equals + 1));
            } else if (StockFlags.SWITCHES.contains(name)) {
                values.put(name, "true");
            } else if (++i < arguments.size()) {
                values.put(name, arguments.get(i));
            } else {
                throw new IllegalArgumentException("flag needs an argument: -" + name);
            }
        }
    }

    private static void requireKnown(String name) {
        if (!StockFlags.knows(name)) {
            throw new IllegalArgumentException(
                    "flag provided but not defined: -"
                            + name
                            + " (see --help for those there are)");
        }
    }

    EtcdConfig settle() {
        String name = value("name").orElse("default");
        List<URI> serving = listen("listen-client-urls", "addr", "bind-addr", DEFAULT_CLIENT);
        List<URI> listenClient = withLocal(serving);
        List<URI> listenPeer =
                listen("listen-peer-urls", "peer-addr", "peer-bind-addr", DEFAULT_PEER);
        List<URI> advertisePeer = advertise("initial-advertise-peer-urls", "peer-addr", listenPeer);
        values.forEach(StockFlags::check);
        MemberTls tls = new TlsFlags(this::value).settle(listenClient, listenPeer);
        Set<String> ignored = new TreeSet<>(StockFlags.NO_DIFFERENCE);
        ignored.retainAll(values.keySet());
        return new EtcdConfig(
                name,
                Path.of(value("data-dir").orElse(name + ".etcd")),
                listenClient,
                advertise("advertise-client-urls", "addr", serving),
                listenPeer,
                advertisePeer,
                value("initial-cluster").orElse(""),
                value("initial-cluster-token").orElse(DEFAULT_TOKEN),
                joinsExisting(),
                value("force-new-cluster").filter(StockFlags::isYes).isPresent(),
                value("discovery").map(URI::create),
                millis("heartbeat-interval", "peer-heartbeat-interval", 100),
                millis("election-timeout", "peer-election-timeout", 1_000),
                number("snapshot-count", 10_000, Integer.MAX_VALUE),
                number("max-txn-ops", 128, Integer.MAX_VALUE),
                number("max-request-bytes", 1_572_864, ReplicatedLog.COMMAND_BYTES_MAX),
                progressNotify(),
                names("cors"),
                names("host-whitelist"),
                streams(),
                new SpaceFlags(this::value).settle(),
                corruption(),
                guard(tls.clients().options().rules().clientCertificate()),
                grpc(),
                tls,
                List.copyOf(ignored));
    }

    /** In lower case, as browsers send origins; nothing said means any, as in etcd. */
    private Set<String> names(String flag) {
        return Arrays.stream(value(flag).orElse("*").split(","))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private EtcdConfig.Streams streams() {
        return new EtcdConfig.Streams(
                numberOrNone("experimental-max-streams"),
                number(
                        "experimental-max-watches-per-stream",
                        WatchLimits.PER_STREAM,
                        Integer.MAX_VALUE),
                numberOrNone("experimental-max-watches"));
    }

    /** 0 unless it is given, and then more. */
    private int numberOrNone(String name) {
        return value(name).isEmpty() ? 0 : number(name, 1, Integer.MAX_VALUE);
    }

    /**
     * @param certificates whether clients must show one
     */
    private Optional<EtcdConfig.Guard> guard(boolean certificates) {
        List<String> prefixes =
                Arrays.stream(value("experimental-guarded-prefix").orElse("").split(","))
                        .filter(prefix -> !prefix.isEmpty())
                        .toList();
        Optional<Path> file = value("experimental-guarded-prefix-token-file").map(Path::of);
        if (prefixes.isEmpty() && file.isEmpty()) {
            return Optional.empty();
        }
        if (prefixes.isEmpty() || (file.isEmpty() && !certificates)) {
            throw new IllegalArgumentException(
                    "--experimental-guarded-prefix and --experimental-guarded-prefix-token-file"
                            + " go together: give both or neither; or the first with"
                            + " --client-cert-auth, where certificates do instead of a token");
        }
        return Optional.of(new EtcdConfig.Guard(prefixes, file));
    }

    private boolean joinsExisting() {
        String state = value("initial-cluster-state").orElse("new");
        if (!state.equals("new") && !state.equals("existing")) {
            throw new IllegalArgumentException(
                    "--initial-cluster-state=" + state + ": want 'new' or 'existing'");
        }
        return state.equals("existing");
    }

    private Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    /**
     * 0.4 listened where it was told to advertise, unless bind-addr said otherwise; with TLS if
     * there was a certificate (as 2 had it too).
     */
    private List<URI> listen(String urls, String address, String bind, String otherwise) {
        if (value(urls).isPresent()) {
            return urls(urls, value(urls).get());
        }
        Optional<String> bound = value(bind);
        if (bound.isEmpty()) {
            return urls(
                    address,
                    value(address).map(text -> withScheme(address, text)).orElse(otherwise));
        }
        boolean hasPort = bound.get().contains(":");
        int port =
                urls(
                                address,
                                value(address)
                                        .map(text -> withScheme(address, text))
                                        .orElse(otherwise))
                        .getFirst()
                        .getPort();
        return urls(bind, withScheme(bind, hasPort ? bound.get() : bound.get() + ":" + port));
    }

    /** With the door for this machine's own clients, unless one of the others is that too. */
    private List<URI> withLocal(List<URI> serving) {
        String flag = "experimental-local-client-url";
        return value(flag)
                .map(text -> urls(flag, text).getFirst())
                .filter(local -> serving.stream().noneMatch(url -> reaches(url, local)))
                .map(local -> Stream.concat(serving.stream(), Stream.of(local)).toList())
                .orElse(serving);
    }

    private static boolean reaches(URI url, URI local) {
        String host = url.getHost();
        return url.getPort() == local.getPort()
                && (host.equals(local.getHost()) || ANY_OR_LOOPBACK.contains(host));
    }

    private List<URI> advertise(String urls, String address, List<URI> listen) {
        return value(urls)
                .or(() -> value(address).map(text -> withScheme(address, text)))
                .map(text -> urls(urls, text))
                .orElse(listen);
    }

    private String withScheme(String flag, String address) {
        String certificate = flag.startsWith("peer-") ? "peer-cert-file" : "cert-file";
        String scheme = value(certificate).isPresent() ? "https://" : "http://";
        return address.contains("://") ? address : scheme + address;
    }

    private static List<URI> urls(String flag, String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .map(url -> url(flag, url))
                .distinct()
                .collect(Collectors.toUnmodifiableList());
    }

    static URI url(String flag, String text) {
        String wanted = "want http://host:port or https://host:port";
        URI url;
        try {
            url = URI.create(plain(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "--" + flag + "=" + text + ": " + wanted + ": " + e.getMessage(), e);
        }
        boolean served = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!served || url.getHost() == null || url.getPort() < 0) {
            throw new IllegalArgumentException("--" + flag + "=" + text + ": " + wanted);
        }
        if (!url.getPath().isEmpty()) {
            throw new IllegalArgumentException(
                    "--" + flag + "=" + text + ": URL must not contain a path: " + wanted);
        }
        return url;
    }

    /** As Go reads it: with its scheme in lower case; a last slash says nothing. */
    private static String plain(String url) {
        int scheme = Math.max(url.indexOf("://"), 0);
        return url.substring(0, scheme).toLowerCase(Locale.ROOT)
                + url.substring(scheme).replaceFirst("/+$", "");
    }

    private Duration millis(String name, String old, long otherwise) {
        return Duration.ofMillis(number(value(name).isPresent() ? name : old, otherwise));
    }

    private long number(String name, long otherwise) {
        Optional<String> text = value(name);
        try {
            long number = text.map(Long::parseLong).orElse(otherwise);
            if (number <= 0) {
                throw new IllegalArgumentException("--" + name + "=" + number + " must be > 0");
            }
            return number;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "--" + name + "=" + text.orElse("") + " is not a whole number", e);
        }
    }

    private int number(String name, long otherwise, int most) {
        long number = number(name, otherwise);
        if (number > most) {
            throw new IllegalArgumentException(
                    "--" + name + "=" + number + ": at most " + most + " is offered");
        }
        return (int) number;
    }

    private Duration progressNotify() {
        String flag = "watch-progress-notify-interval";
        Duration pause =
                GoDuration.parse(
                        flag, value(flag).or(() -> value("experimental-" + flag)).orElse("10m"));
        if (pause.toMillis() == 0) {
            throw new IllegalArgumentException("--" + flag + " must be a millisecond at least");
        }
        return pause;
    }

    private EtcdConfig.Corruption corruption() {
        Duration pause = time("experimental-corrupt-check-time", CORRUPT_CHECK_PAUSE);
        return new EtcdConfig.Corruption(
                pause.isZero() ? Optional.empty() : Optional.of(pause),
                value("experimental-initial-corrupt-check").filter(StockFlags::isYes).isPresent());
    }

    private EtcdConfig.Grpc grpc() {
        long streams = number("max-concurrent-streams", UINT32_MAX);
        if (streams > UINT32_MAX) {
            throw new IllegalArgumentException(
                    "--max-concurrent-streams=" + streams + ": at most " + UINT32_MAX);
        }
        return new EtcdConfig.Grpc(
                (int) Math.min(streams, Integer.MAX_VALUE),
                time("grpc-keepalive-min-time", "5s"),
                time("grpc-keepalive-interval", "2h"),
                time("grpc-keepalive-timeout", "20s"));
    }

    private Duration time(String flag, String otherwise) {
        return GoDuration.parse(flag, value(flag).orElse(otherwise));
    }
}

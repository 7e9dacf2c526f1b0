package flotilla.fleet;

import flotilla.platform.tls.TlsFiles;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads {@link FleetConfig} as the original does: {@code fleet.conf} (keys at top level, {@code
 * key=value}, values may be quoted), over it the environment, {@code FLEET_} and the key in upper
 * case. Ours besides: {@code on_stop} ({@code leave} or {@code stay}), {@code etcd_token_file} and
 * {@code trust_dir}.
 */
public final class FleetSettings {
    private static final Logger log = LoggerFactory.getLogger(FleetSettings.class);

    private static final Set<String> KEYS =
            Set.of(
                    "verbosity",
                    "etcd_servers",
                    "etcd_key_prefix",
                    "etcd_request_timeout",
                    "etcd_token_file",
                    "etcd_cafile",
                    "etcd_certfile",
                    "etcd_keyfile",
                    "public_ip",
                    "metadata",
                    "agent_ttl",
                    "token_limit",
                    "disable_engine",
                    "on_stop",
                    "trust_dir");

    /** The original's keys that change nothing here; they are accepted and said to be ignored. */
    private static final Set<String> IGNORED =
            Set.of(
                    "etcd_username",
                    "etcd_password",
                    "engine_reconcile_interval",
                    "units_directory",
                    "systemd_user",
                    "disable_watches",
                    "enable_grpc",
                    "verify_units",
                    "authorized_keys_file");

    private final Map<String, String> values = new TreeMap<>();

    private FleetSettings() {}

    /**
     * @param file may be missing
     * @throws IllegalArgumentException for a key that is unknown or a value that can't be read; the
     *     message names it
     */
    public static FleetConfig read(Path file, Map<String, String> environment) throws IOException {
        FleetSettings settings = new FleetSettings();
        try {
            for (String line : Files.readAllLines(file)) {
                settings.line(file, line.strip());
            }
        } catch (NoSuchFileException e) {
            log.debug("no {}", file);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + " is not UTF-8: write it anew", e);
        }
        return settings.over(environment);
    }

    public static FleetConfig of(Map<String, String> environment) {
        return new FleetSettings().over(environment);
    }

    private void line(Path file, String line) {
        if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
            return;
        }
        int equals = line.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException(
                    file + ": \"" + line + "\" is not of the form key=value");
        }
        set(
                file.toString(),
                line.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                unquoted(line.substring(equals + 1).strip()));
    }

    private static String unquoted(String value) {
        boolean quoted =
                value.length() > 1
                        && ((value.startsWith("\"") && value.endsWith("\""))
                                || (value.startsWith("'") && value.endsWith("'")));
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private FleetConfig over(Map<String, String> environment) {
        environment.forEach((name, value) -> {
            if (name.startsWith("FLEET_")) {
                String key = name.substring("FLEET_".length()).toLowerCase(Locale.ROOT);
                set("environment", key, value);
            }
        });
        return config();
    }

    private void set(String source, String key, String value) {
        if (IGNORED.contains(key)) {
            log.warn("{}: {} is not supported and ignored", source, key);
        } else if (!KEYS.contains(key)) {
            throw new IllegalArgumentException(
                    source + ": unknown setting \"" + key + "\"; known are " + known());
        } else {
            values.put(key, value);
        }
    }

    private static String known() {
        return String.join(", ", KEYS.stream().sorted().toList());
    }

    private FleetConfig config() {
        FleetConfig defaults = FleetConfig.defaults();
        return new FleetConfig(
                get("etcd_servers").map(FleetSettings::list).orElse(defaults.etcdServers()),
                get("etcd_request_timeout")
                        .map(text -> duration("etcd_request_timeout", text))
                        .orElse(defaults.etcdRequestTimeout()),
                get("etcd_key_prefix").orElse(defaults.etcdKeyPrefix()),
                get("etcd_token_file").map(Path::of),
                tls(),
                get("public_ip"),
                get("trust_dir").map(Path::of),
                get("metadata").map(FleetSettings::metadata).orElse(Map.of()),
                get("agent_ttl")
                        .map(text -> duration("agent_ttl", text))
                        .orElse(defaults.agentTtl()),
                get("token_limit").map(FleetSettings::tokenLimit).orElse(defaults.tokenLimit()),
                get("disable_engine").map(FleetSettings::disablesEngine).orElse(false),
                get("on_stop").map(FleetSettings::leaves).orElse(defaults.leaveOnStop()),
                get("verbosity").map(text -> number("verbosity", text)).orElse(0));
    }

    private TlsFiles tls() {
        Optional<Path> certificate = get("etcd_certfile").map(Path::of);
        Optional<Path> key = get("etcd_keyfile").map(Path::of);
        if (certificate.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException(
                    "etcd_certfile and etcd_keyfile go together: give both or neither");
        }
        return new TlsFiles(certificate, key, get("etcd_cafile").map(Path::of), Optional.empty());
    }

    private Optional<String> get(String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
    }

    /** {@code a,b}, and as the original's sample has it {@code ["a", "b"]}. */
    private static List<String> list(String text) {
        List<String> items = new ArrayList<>();
        Arrays.stream(text.replaceAll("^\\[|\\]$", "").split(","))
                .map(item -> unquoted(item.strip()))
                .filter(item -> !item.isEmpty())
                .forEach(items::add);
        return items;
    }

    /** {@code k=v,k=v}; the last value of a key counts. */
    private static Map<String, String> metadata(String text) {
        Map<String, String> items = new LinkedHashMap<>();
        for (String item : list(text)) {
            int equals = item.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "metadata \"" + item + "\" is not of the form key=value");
            }
            items.put(item.substring(0, equals).strip(), item.substring(equals + 1).strip());
        }
        return items;
    }

    private static boolean leaves(String text) {
        return switch (text) {
            case "leave" -> true;
            case "stay" -> false;
            default ->
                    throw new IllegalArgumentException(
                            "on_stop \"" + text + "\" is neither leave nor stay");
        };
    }

    /** As many as a page token can say. */
    private static int tokenLimit(String text) {
        int limit = number("token_limit", text);
        if (limit < 1 || limit > 0xffff) {
            throw new IllegalArgumentException(
                    "token_limit \"" + text + "\" is not between 1 and 65535");
        }
        return limit;
    }

    /** The words of Go's strconv.ParseBool, as the original, and those of YAML beside them. */
    private static boolean disablesEngine(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "1", "t", "true", "yes", "y", "on" -> true;
            case "0", "f", "false", "no", "n", "off" -> false;
            default ->
                    throw new IllegalArgumentException(
                            "disable_engine \"" + text + "\" is neither true nor false");
        };
    }

    private static int number(String key, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + " \"" + text + "\" is no whole number", e);
        }
    }

    /** Seconds, as {@code 1.5} or as Go writes them: {@code 30s}, {@code 500ms}, {@code 2m}. */
    private static Duration duration(String key, String text) {
        String number = text.replaceAll("[a-z]+$", "");
        double unitSeconds =
                switch (text.substring(number.length())) {
                    case "", "s" -> 1;
                    case "ms" -> 0.001;
                    case "m" -> 60;
                    case "h" -> 3600;
                    default -> Double.NaN;
                };
        try {
            double seconds = Double.parseDouble(number) * unitSeconds;
            if (seconds > 0) {
                return Duration.ofMillis(Math.round(seconds * 1000));
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + " \"" + text + "\" is no duration", e);
        }
        throw new IllegalArgumentException(key + " \"" + text + "\" is no duration, such as 5s");
    }
}

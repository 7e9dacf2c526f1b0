package flotilla.fleet.job;

import flotilla.units.Specifiers;
import flotilla.units.TimeSpan;
import flotilla.units.UnitFile;
import flotilla.units.UnitName;
import flotilla.units.UnitOption;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a unit's [X-Fleet] section names as the sign that it is healthy: a command that succeeds, a
 * URL that answers, a port that takes connections.
 *
 * @param interval from one answer to the next question
 * @param timeout for one answer
 */
public record HealthCheck(Probe probe, Duration interval, Duration timeout) {
    public static final String EXEC = "ExecHealth";
    public static final String HTTP = "HTTPHealth";
    public static final String TCP = "TCPHealth";
    public static final String INTERVAL = "HealthInterval";
    public static final String TIMEOUT = "HealthTimeout";

    private static final List<String> PROBES = List.of(EXEC, HTTP, TCP);

    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(10);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    /** Of both times; a machine has many units to ask. */
    private static final Duration TIME_MIN = Duration.ofMillis(100);

    private static final Duration TIME_MAX = Duration.ofDays(1);

    /** What is asked. */
    public sealed interface Probe {
        /**
         * @param line as of an Exec line of the unit: specifiers and variables are the init's part
         */
        record Exec(String line) implements Probe {}

        /** Well is what is answered with 2xx or 3xx. */
        record Http(URI url) implements Probe {}

        record Tcp(String host, int port) implements Probe {}
    }

    /** Empty when the text names none that can be read. */
    public static Optional<HealthCheck> of(UnitFile file, UnitName name) {
        return PROBES.stream()
                .flatMap(key -> file.last("X-Fleet", key).stream())
                .flatMap(option -> probe(option, name).stream())
                .findFirst()
                .map(probe ->
                        new HealthCheck(
                                probe,
                                time(file, INTERVAL).orElse(DEFAULT_INTERVAL),
                                time(file, TIMEOUT).orElse(DEFAULT_TIMEOUT)));
    }

    /** Whether an option is one of these. */
    public static boolean isKey(String option) {
        return PROBES.contains(option) || Set.of(INTERVAL, TIMEOUT).contains(option);
    }

    /**
     * Whether an option names a probe beside another one: only one counts.
     *
     * @param options all of [X-Fleet]
     */
    public static boolean isOneTooMany(UnitOption option, List<UnitOption> options) {
        return isProbe(option)
                && options.stream()
                        .filter(HealthCheck::isProbe)
                        .findFirst()
                        .filter(first -> !first.name().equals(option.name()))
                        .isPresent();
    }

    private static boolean isProbe(UnitOption option) {
        return PROBES.contains(option.name()) && !option.value().isBlank();
    }

    /** Why one of these can't be read, in words that follow its value; empty when it can. */
    public static Optional<String> problem(UnitOption option, UnitName name) {
        boolean reads =
                isTime(option) ? time(option.value()).isPresent() : probe(option, name).isPresent();
        return reads
                ? Optional.empty()
                : Optional.of(
                        switch (option.name()) {
                            case EXEC -> "is no command line";
                            case HTTP -> "is no URL, such as http://127.0.0.1:8080/health";
                            case TCP -> "is not HOST:PORT, such as 127.0.0.1:5432";
                            default -> "is no time of 100ms to 1d, such as 10s";
                        });
    }

    private static boolean isTime(UnitOption option) {
        return !PROBES.contains(option.name());
    }

    private static Optional<Duration> time(UnitFile file, String key) {
        return file.option("X-Fleet", key).flatMap(HealthCheck::time);
    }

    private static Optional<Duration> time(String text) {
        return TimeSpan.parse(text)
                .filter(time -> time.compareTo(TIME_MIN) >= 0 && time.compareTo(TIME_MAX) <= 0);
    }

    private static Optional<Probe> probe(UnitOption option, UnitName name) {
        String value = option.value().strip();
        String expanded = Specifiers.of(name, Map.of()).expand(value);
        return switch (option.name()) {
            case EXEC -> value.isEmpty() ? Optional.empty() : Optional.of(new Probe.Exec(value));
            case HTTP -> http(expanded);
            default -> tcp(expanded);
        };
    }

    private static Optional<Probe> http(String text) {
        try {
            URI url = new URI(text);
            boolean known = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            return known && url.getHost() != null && url.getPort() <= 65_535
                    ? Optional.of(new Probe.Http(url))
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Optional<Probe> tcp(String text) {
        try {
            URI address = new URI("tcp://" + text);
            String host = address.getHost();
            boolean whole = text.equals(host + ":" + address.getPort());
            return host != null && whole && address.getPort() > 0 && address.getPort() <= 65_535
                    ? Optional.of(new Probe.Tcp(bare(host), address.getPort()))
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Without the brackets of an IPv6 address. */
    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}

package flotilla.cloudconfig.document;

import flotilla.cloudconfig.document.CloudConfig.DropIn;
import flotilla.cloudconfig.document.CloudConfig.Mode;
import flotilla.cloudconfig.document.CloudConfig.Unit;
import flotilla.cloudconfig.document.CloudConfig.WrittenFile;
import flotilla.cloudconfig.document.Field.Fields;
import flotilla.cloudconfig.document.Field.Place;
import flotilla.cloudconfig.document.Problem.Severity;
import flotilla.units.UnitName;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Fields whose shape is right to a {@link CloudConfig}, with what is wrong in their values. */
final class Values {
    static final CloudConfig NOTHING =
            new CloudConfig(
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    List.of(),
                    Optional.empty(),
                    List.of(),
                    List.of());

    private static final Set<String> COMMANDS =
            Set.of(
                    "start",
                    "stop",
                    "restart",
                    "reload",
                    "try-restart",
                    "reload-or-restart",
                    "reload-or-try-restart");

    private static final Pattern NETWORK_FILE = Pattern.compile("[^/]+\\.(network|netdev|link)");
    private static final Pattern DROP_IN_NAME =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9:_.@-]*\\.conf");
    private static final Pattern PERMISSIONS = Pattern.compile("0?[0-7]{3,4}");
    private static final Pattern HOSTNAME =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?");

    private static final int PERMISSIONS_DEFAULT = 0644;

    private final Mode mode;
    private final List<Problem> problems;

    Values(Mode mode, List<Problem> problems) {
        this.mode = mode;
        this.problems = problems;
    }

    CloudConfig read(Fields document) {
        Fields coreos = document.fields("coreos");
        checkDiscovery(coreos.fields("etcd"));
        checkDiscovery(coreos.fields("etcd2"));
        return new CloudConfig(
                options(coreos.fields("etcd")),
                options(coreos.fields("etcd2")),
                options(coreos.fields("fleet")),
                units(coreos.items("units")),
                hostname(document),
                files(document.items("write_files")),
                texts(document.items("ssh_authorized_keys")));
    }

    /** Options that become environment variables of a unit; empty ones count as not given. */
    private Map<String, String> options(Fields fields) {
        Map<String, String> options = new TreeMap<>();
        fields.byKey()
                .forEach((key, field) -> {
                    if (!(field instanceof Field.Text(Place place, String value))
                            || value.isEmpty()) {
                        return;
                    }
                    if (value.indexOf('\n') >= 0 || value.indexOf('"') >= 0) {
                        error(
                                place,
                                "the value of \"%s\" has a %s, which a unit's Environment= can't hold"
                                        .formatted(
                                                key,
                                                value.indexOf('\n') >= 0 ? "line break" : "quote"));
                        return;
                    }
                    options.put(key, value);
                });
        return options;
    }

    private void checkDiscovery(Fields etcd) {
        String discovery = etcd.text("discovery");
        if (discovery.isEmpty() || isUrlOfHost(discovery)) {
            return;
        }
        Place place = etcd.placeOf("discovery");
        problems.add(
                new Problem(
                        Severity.WARNING,
                        place.line(),
                        place.column(),
                        mode == Mode.STRICT
                                ? "discovery URL is not valid"
                                : "\"%s\" is no URL of a discovery token: it looks like http://HOST/32-HEX-DIGITS"
                                        .formatted(discovery)));
    }

    private static boolean isUrlOfHost(String text) {
        try {
            URI url = new URI(text);
            return url.getScheme() != null && url.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private Optional<String> hostname(Fields document) {
        String hostname = document.text("hostname");
        if (hostname.isEmpty()) {
            return Optional.empty();
        }
        if (!HOSTNAME.matcher(hostname).matches()) {
            error(
                    document.placeOf("hostname"),
                    "\"%s\" is no host name: letters, digits, dots and dashes, 63 at most"
                            .formatted(hostname));
            return Optional.empty();
        }
        return Optional.of(hostname);
    }

    private List<Unit> units(List<Field> items) {
        List<Unit> units = new ArrayList<>();
        for (Field item : items) {
            if (item instanceof Fields fields) {
                unit(fields).ifPresent(units::add);
            }
        }
        return units;
    }

    private Optional<Unit> unit(Fields fields) {
        String name = fields.text("name");
        if (name.isEmpty()) {
            lenient(fields.place(), Severity.ERROR, "a unit needs a name");
            return Optional.empty();
        }
        if (isNetworkFile(name)) {
            lenient(
                    fields.placeOf("name"),
                    Severity.WARNING,
                    "%s is systemd-networkd's, not a unit's file: skipped".formatted(name));
            return Optional.empty();
        }
        Optional<String> problem = UnitName.problem(name);
        if (problem.isPresent()) {
            error(fields.placeOf("name"), problem.get());
            return Optional.empty();
        }
        String command = fields.text("command");
        if (!command.isEmpty() && !COMMANDS.contains(command)) {
            error(
                    fields.placeOf("command"),
                    invalid(
                            command,
                            "one of start, stop, restart, reload, try-restart, reload-or-restart, reload-or-try-restart"));
            command = "";
        }
        Unit unit =
                new Unit(
                        name,
                        fields.flag("runtime"),
                        fields.flag("enable"),
                        fields.flag("mask"),
                        present(fields.text("content")),
                        present(command),
                        dropIns(fields.items("drop_ins")));
        if (asksNothing(unit) && fields.text("command").isEmpty()) {
            lenient(
                    fields.place(),
                    Severity.WARNING,
                    "unit %s asks for nothing: give it a content, drop-ins or a command"
                            .formatted(name));
        }
        return Optional.of(unit);
    }

    private static boolean asksNothing(Unit unit) {
        return unit.content().isEmpty()
                && unit.command().isEmpty()
                && unit.dropIns().isEmpty()
                && !unit.enable()
                && !unit.mask();
    }

    private List<DropIn> dropIns(List<Field> items) {
        List<DropIn> dropIns = new ArrayList<>();
        for (Field item : items) {
            if (!(item instanceof Fields fields)) {
                continue;
            }
            String name = fields.text("name");
            String content = fields.text("content");
            if (name.isEmpty() || content.isEmpty()) {
                lenient(
                        fields.place(),
                        Severity.WARNING,
                        "a drop-in needs a name and a content: this one is skipped");
            } else if (!DROP_IN_NAME.matcher(name).matches()) {
                error(
                        fields.placeOf("name"),
                        "\"%s\" is no drop-in's name: give one like 50-proxy.conf".formatted(name));
            } else {
                dropIns.add(new DropIn(name, content));
            }
        }
        return dropIns;
    }

    private List<WrittenFile> files(List<Field> items) {
        List<WrittenFile> files = new ArrayList<>();
        for (Field item : items) {
            if (item instanceof Fields fields) {
                file(fields).ifPresent(files::add);
            }
        }
        return files;
    }

    private Optional<WrittenFile> file(Fields fields) {
        String given = fields.text("path");
        if (!given.startsWith("/") || clean(given).equals("/")) {
            lenient(
                    fields.place(),
                    Severity.ERROR,
                    given.isEmpty()
                            ? "a file needs a path"
                            : "the path \"%s\" must begin with / and name a file".formatted(given));
            return Optional.empty();
        }
        String path = clean(given);
        if (List.of(path.split("/")).contains("..")) {
            error(fields.placeOf("path"), "the path \"%s\" must not have ..".formatted(path));
            return Optional.empty();
        }
        if (path.startsWith("/usr/")) {
            error(fields.placeOf("path"), "file cannot be written to a read-only filesystem");
            return Optional.empty();
        }
        String permissions = fields.text("permissions");
        if (!permissions.isEmpty() && !PERMISSIONS.matcher(permissions).matches()) {
            error(
                    fields.placeOf("permissions"),
                    invalid(permissions, "an octal mode such as 0644"));
            return Optional.empty();
        }
        return content(fields)
                .map(content ->
                        new WrittenFile(
                                path,
                                content,
                                permissions.isEmpty()
                                        ? PERMISSIONS_DEFAULT
                                        : Integer.parseInt(permissions, 8),
                                present(fields.text("owner"))));
    }

    private Optional<byte[]> content(Fields fields) {
        String encoding = fields.text("encoding").toLowerCase(Locale.ROOT);
        if (!Encoding.isKnown(encoding)) {
            error(
                    fields.placeOf("encoding"),
                    invalid(encoding, "one of " + String.join(", ", Encoding.NAMES)));
            return Optional.empty();
        }
        Optional<byte[]> decoded = Encoding.decode(encoding, fields.text("content"));
        if (decoded.isEmpty()) {
            error(
                    fields.placeOf("content"),
                    "content cannot be decoded as \"%s\"".formatted(encoding));
        }
        return decoded;
    }

    private static List<String> texts(List<Field> items) {
        List<String> texts = new ArrayList<>();
        for (Field item : items) {
            if (item instanceof Field.Text(Place _, String value)) {
                texts.add(value.strip());
            }
        }
        return texts;
    }

    private String invalid(String value, String wanted) {
        return mode == Mode.STRICT
                ? "invalid value " + value
                : "\"%s\" is not allowed here: give %s".formatted(value, wanted);
    }

    /** The original wrote these to a directory of their own. */
    private static boolean isNetworkFile(String name) {
        return NETWORK_FILE.matcher(name).matches();
    }

    /** The same path without empty parts and dots. */
    private static String clean(String path) {
        return Arrays.stream(path.split("/"))
                .filter(part -> !part.isEmpty() && !part.equals("."))
                .collect(Collectors.joining("/", "/", ""));
    }

    private static Optional<String> present(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private void error(Place place, String message) {
        problems.add(new Problem(Severity.ERROR, place.line(), place.column(), message));
    }

    /** What the original passed over in silence. */
    private void lenient(Place place, Severity severity, String message) {
        if (mode == Mode.LENIENT) {
            problems.add(new Problem(severity, place.line(), place.column(), message));
        }
    }
}

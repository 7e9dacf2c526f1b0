package flotilla.cloudconfig.document;

import flotilla.cloudconfig.document.CloudConfig.DropIn;
import flotilla.cloudconfig.document.CloudConfig.Unit;
import flotilla.cloudconfig.document.Field.Fields;
import flotilla.cloudconfig.document.Field.Place;
import flotilla.units.UnitName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

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
                    List.of(),
                    List.of(),
                    Optional.empty());

    private static final Pattern NETWORK_FILE = Pattern.compile("[^/]+\\.(network|netdev|link)");
    private static final Pattern DROP_IN_NAME =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9:_.@-]*\\.conf");

    /** As systemd-hostnamed takes them: an underscore too. */
    private static final Pattern HOSTNAME_LABEL =
            Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?");

    /** HOST_NAME_MAX of Linux. */
    private static final int HOSTNAME_CHARS_MAX = 64;

    private static final Pattern DISCOVERY_URL =
            Pattern.compile("https?://[A-Za-z0-9._~%:@\\[\\]-]++(/[^\\s<>\"{}|\\\\^`]*+)?");

    private final Problems problems;

    Values(Problems problems) {
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
                new Users(problems).read(document.items("users")),
                new WrittenFiles(problems).read(document.items("write_files")),
                new SshKeys(problems).read(document.items("ssh_authorized_keys")),
                new Belongings(problems).read(document));
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
                    Optional<String> bad = breakingOut(value);
                    if (bad.isPresent()) {
                        problems.error(
                                place,
                                "the value of \"%s\" has a %s, which a unit's Environment= can't hold"
                                        .formatted(key, bad.get()));
                        return;
                    }
                    options.put(key, value);
                });
        return options;
    }

    private static Optional<String> breakingOut(String value) {
        if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
            return Optional.of("line break");
        }
        if (value.indexOf('"') >= 0) {
            return Optional.of("quote");
        }
        return hasControl(value) ? Optional.of("control character") : Optional.empty();
    }

    static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    private void checkDiscovery(Fields etcd) {
        String discovery = etcd.text("discovery");
        if (!discovery.isEmpty() && !DISCOVERY_URL.matcher(discovery).matches()) {
            problems.warning(
                    etcd.placeOf("discovery"),
                    "\"%s\" is no URL of a discovery token: it looks like http://HOST/32-HEX-DIGITS"
                            .formatted(discovery));
        }
    }

    private Optional<String> hostname(Fields document) {
        String hostname = document.text("hostname");
        if (hostname.isEmpty() || isHostname(hostname)) {
            return Optional.of(hostname).filter(name -> !name.isEmpty());
        }
        problems.error(
                document.placeOf("hostname"),
                "\"%s\" is no host name: letters, digits, dots, dashes and underscores, %d at most, no dot or dash at an end"
                        .formatted(hostname, HOSTNAME_CHARS_MAX));
        return Optional.empty();
    }

    private static boolean isHostname(String name) {
        if (name.length() > HOSTNAME_CHARS_MAX) {
            return false;
        }
        for (String label : name.split("\\.", -1)) {
            if (!HOSTNAME_LABEL.matcher(label).matches()) {
                return false;
            }
        }
        return true;
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
            problems.error(fields.place(), "a unit needs a name");
            return Optional.empty();
        }
        if (NETWORK_FILE.matcher(name).matches()) {
            problems.warning(
                    fields.placeOf("name"),
                    "%s is systemd-networkd's, not a unit's file: skipped".formatted(name));
            return Optional.empty();
        }
        Optional<String> problem = UnitName.problem(name);
        if (problem.isPresent()) {
            problems.error(fields.placeOf("name"), problem.get());
            return Optional.empty();
        }
        Unit unit =
                new Unit(
                        name,
                        fields.flag("runtime"),
                        fields.flag("enable"),
                        fields.flag("mask"),
                        given(fields.text("content")),
                        given(fields.text("command")),
                        dropIns(fields.items("drop_ins")));
        if (asksNothing(unit) && !fields.hasBad()) {
            problems.warning(
                    fields.place(),
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
                problems.warning(
                        fields.place(),
                        "a drop-in needs a name and a content: this one is skipped");
            } else if (!DROP_IN_NAME.matcher(name).matches()) {
                problems.error(
                        fields.placeOf("name"),
                        "\"%s\" is no drop-in's name: give one like 50-proxy.conf".formatted(name));
            } else {
                dropIns.add(new DropIn(name, content));
            }
        }
        return dropIns;
    }

    static Optional<String> given(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}

package flotilla.cloudconfig.plan;

import flotilla.cloudconfig.document.CloudConfig;
import flotilla.cloudconfig.document.CloudConfig.Unit;
import flotilla.cloudconfig.document.Metadata;
import flotilla.cloudconfig.document.User;
import flotilla.cloudconfig.document.Variables;
import flotilla.machine.Init.JobVerb;
import flotilla.machine.Init.UnitDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a cloud-config comes to on one machine: actions in coreos-cloudinit's order. The host name,
 * users each with its keys, core's keys, files, /etc/environment; then each unit's files, the
 * drop-ins of etcd and fleet, one reload, the way into a cluster, and the commands, in the
 * document's order.
 */
public record Plan(List<Action> actions) {
    private static final String CORE = "core";
    private static final String KEYS_NAME = "coreos-cloudinit";
    private static final String ENVIRONMENT = "/etc/environment";

    public Plan {
        actions = List.copyOf(actions);
    }

    public static Plan of(CloudConfig config, Metadata metadata) {
        List<Action> actions = new ArrayList<>();
        String hostname = config.hostname().orElse(metadata.hostname());
        if (!hostname.isEmpty()) {
            actions.add(new Action.SetHostname(hostname));
        }
        config.users().forEach(user -> user(user, actions));
        core(config, metadata, actions);
        config.writeFiles().forEach(file -> actions.add(new Action.WriteFile(file)));
        Map<String, String> variables = Variables.of(metadata).environment();
        boolean ownEnvironment =
                config.writeFiles().stream().anyMatch(file -> file.path().equals(ENVIRONMENT));
        if (!variables.isEmpty() && !ownEnvironment) {
            actions.add(new Action.WriteEnvironment(variables));
        }
        units(config, metadata, actions);
        return new Plan(actions);
    }

    private static void user(User user, List<Action> actions) {
        actions.add(new Action.ProvideUser(user));
        if (!user.sshAuthorizedKeys().isEmpty()) {
            actions.add(new Action.AuthorizeKeys(user.name(), KEYS_NAME, user.sshAuthorizedKeys()));
        }
    }

    /** The user of CoreOS's images, whom another machine may not have yet. */
    private static void core(CloudConfig config, Metadata metadata, List<Action> actions) {
        List<String> keys = new ArrayList<>(config.sshAuthorizedKeys());
        keys.addAll(metadata.sshKeys());
        if (keys.isEmpty()) {
            return;
        }
        List<String> own =
                config.users().stream()
                        .filter(user -> user.name().equals(CORE))
                        .flatMap(user -> user.sshAuthorizedKeys().stream())
                        .toList();
        if (config.users().stream().noneMatch(user -> user.name().equals(CORE))) {
            actions.add(new Action.ProvideCore(CORE));
        }
        // One file holds both: the original's second writing lost the first.
        keys.addAll(0, own);
        actions.add(new Action.AuthorizeKeys(CORE, KEYS_NAME, List.copyOf(keys)));
    }

    private static void units(CloudConfig config, Metadata metadata, List<Action> actions) {
        int before = actions.size();
        config.units().forEach(unit -> files(unit, actions));
        OptionDropIns.etcd(config.etcd(), metadata).ifPresent(actions::add);
        OptionDropIns.etcd2(config.etcd2()).ifPresent(actions::add);
        OptionDropIns.fleet(config.fleet()).ifPresent(actions::add);
        if (actions.size() > before) {
            actions.add(new Action.Reload());
        }
        // Before etcd and fleet are started: a store that began alone could join nobody.
        config.belonging().ifPresent(how -> actions.add(new Action.Belong(how)));
        for (Unit unit : config.units()) {
            unit.command()
                    .ifPresent(
                            command -> actions.add(new Action.RunJob(verb(command), unit.name())));
        }
    }

    private static void files(Unit unit, List<Action> actions) {
        UnitDirectory directory = unit.runtime() ? UnitDirectory.RUNTIME : UnitDirectory.PERSISTENT;
        unit.content()
                .ifPresent(content ->
                        actions.add(new Action.WriteUnit(unit.name(), directory, content)));
        unit.dropIns()
                .forEach(dropIn ->
                        actions.add(
                                new Action.WriteUnit(
                                        unit.name() + ".d/" + dropIn.name(),
                                        directory,
                                        dropIn.content())));
        if (unit.mask()) {
            actions.add(new Action.Mask(unit.name(), directory));
        } else if (unit.runtime()) {
            actions.add(new Action.Unmask(unit.name(), directory));
        }
        if (unit.enable()) {
            actions.add(new Action.Enable(unit.name(), directory));
        }
    }

    private static JobVerb verb(String command) {
        return JobVerb.valueOf(command.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** For people: a numbered line for each action, with the text of each unit file. */
    public String explain() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < actions.size(); i++) {
            text.append("%2d. %s%n".formatted(i + 1, actions.get(i).summary()));
            if (actions.get(i) instanceof Action.WriteUnit unit) {
                text.append(
                        unit.content()
                                .lines()
                                .map(line -> "      " + line + System.lineSeparator())
                                .collect(Collectors.joining()));
            }
        }
        return text.toString();
    }
}

package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandEntry;
import java.util.List;

/** The commands that talk to fleet: the original's, and ours. */
public record FleetctlCommands(EndpointFinder finder, MachineRoutes routes) {
    /** What stands both at the top level and below {@code flotilla fleetctl}. */
    public List<CommandEntry> all() {
        return List.of(
                entry("list-machines", ListMachines.SUMMARY),
                entry("list-units", ListUnits.SUMMARY),
                entry("list-unit-files", ListUnitFiles.SUMMARY),
                entry("submit", Submit.SUMMARY),
                entry("load", Load.SUMMARY),
                entry("start", Start.SUMMARY),
                entry("stop", Ending.STOP),
                entry("unload", Ending.UNLOAD),
                entry("destroy", Ending.DESTROY),
                entry("restart", Restart.SUMMARY),
                entry("status", Status.SUMMARY),
                entry("cat", Cat.SUMMARY),
                entry("journal", Journal.SUMMARY),
                entry("ssh", Ssh.SUMMARY),
                entry("fd-forward", FdForward.SUMMARY),
                entry("version", FleetctlVersion.SUMMARY));
    }

    /**
     * What the original has not. It stands at the top level only: below fleetctl it would take the
     * original's commands their abbreviations.
     */
    public List<CommandEntry> ours() {
        return List.of(
                entry("cordon", Cordon.CORDON),
                entry("uncordon", Cordon.UNCORDON),
                entry("drain", Drain.SUMMARY),
                entry("defaults", Defaults.SUMMARY),
                entry("plan", Plan.SUMMARY),
                entry("why", Why.SUMMARY),
                entry("history", History.SUMMARY),
                entry("events", Events.SUMMARY),
                entry("rollout", Rollout.SUMMARY));
    }

    private CommandEntry entry(String name, String summary) {
        return new CommandEntry(name, summary, false, this::make);
    }

    private Object make(String name) {
        return switch (name) {
            case "list-machines" -> new ListMachines(finder);
            case "list-units" -> new ListUnits(finder);
            case "list-unit-files" -> new ListUnitFiles(finder);
            case "submit" -> new Submit(finder);
            case "load" -> new Load(finder);
            case "start" -> new Start(finder);
            case "stop" -> new Ending(Ending.Verb.STOP, finder);
            case "unload" -> new Ending(Ending.Verb.UNLOAD, finder);
            case "destroy" -> new Ending(Ending.Verb.DESTROY, finder);
            case "restart" -> new Restart(finder);
            case "status" -> new Status(finder, routes);
            case "cat" -> new Cat(finder);
            case "journal" -> new Journal(finder, routes);
            case "ssh" -> Ssh.spec(finder);
            case "fd-forward" -> new FdForward();
            case "cordon" -> new Cordon(Cordon.Verb.CORDON, finder);
            case "uncordon" -> new Cordon(Cordon.Verb.UNCORDON, finder);
            case "drain" -> new Drain(finder);
            case "defaults" -> new Defaults(finder);
            case "plan" -> new Plan(finder);
            case "why" -> new Why(finder);
            case "history" -> new History(finder);
            case "events" -> new Events(finder);
            case "rollout" -> Rollout.spec(finder);
            case "version" -> new FleetctlVersion();
            default -> throw new IllegalArgumentException("fleetctl has no command " + name);
        };
    }
}

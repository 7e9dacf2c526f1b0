package flotilla.fleet.schedule;

import flotilla.fleet.job.Handover;
import flotilla.fleet.job.OnLost;
import flotilla.units.FleetOptions;
import flotilla.units.UnitFile;
import flotilla.units.UnitName;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a unit changes machines, by its [X-Fleet] section. Where it doesn't say, a unit that looks as
 * if two copies of it would harm each other is stopped when its machine is cut off: one that keeps
 * away from others or goes with one, that mounts something, or that takes a fixed port of its host.
 * A global unit is each machine's own, and stays.
 */
record Policies(Handover handover, OnLost onLost) {
    static final String HANDOVER = "Handover";
    static final String ON_LOST = "OnLost";

    private static final List<String> MOUNTS = List.of("BindPaths", "BindReadOnlyPaths");
    private static final List<String> MOUNTS_FOR = List.of("RequiresMountsFor", "WantsMountsFor");
    private static final List<String> NEEDS = List.of("Requires", "Requisite", "BindsTo", "Wants");
    private static final List<String> COMMANDS =
            List.of("ExecStartPre", "ExecStart", "ExecStartPost");

    static Policies of(UnitFile file, UnitName name, FleetOptions options) {
        return new Policies(
                file.option("X-Fleet", HANDOVER).flatMap(Handover::of).orElse(Handover.STOP_FIRST),
                file.option("X-Fleet", ON_LOST)
                        .flatMap(OnLost::of)
                        .orElseGet(() ->
                                !options.global() && isSingle(file, name, options)
                                        ? OnLost.STOP
                                        : OnLost.KEEP));
    }

    private static boolean isSingle(UnitFile file, UnitName name, FleetOptions options) {
        return !options.conflicts().isEmpty()
                || !options.machineOf().isEmpty()
                || name.full().endsWith(".mount")
                || values(file, "Service", MOUNTS).findAny().isPresent()
                || values(file, "Unit", MOUNTS_FOR).findAny().isPresent()
                || values(file, "Unit", NEEDS)
                        .flatMap(units -> Stream.of(units.split("\\s+")))
                        .anyMatch(unit -> unit.endsWith(".mount"))
                || values(file, "Service", COMMANDS).anyMatch(ContainerCommand::holdsHost);
    }

    private static Stream<String> values(UnitFile file, String section, List<String> names) {
        return names.stream().flatMap(name -> file.values(section, name).stream());
    }
}

package flotilla.machine.embedded;

import flotilla.machine.job.Dependencies;
import flotilla.machine.service.ExecCommand;
import flotilla.machine.service.ServiceConfig;
import flotilla.machine.service.ServiceConfigReader;
import flotilla.machine.service.ServiceType;
import flotilla.units.Specifiers;
import flotilla.units.UnitFile;
import flotilla.units.UnitName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads units from their directories. */
final class UnitLoader {
    /** Targets that every machine has, with or without a file: here they are reached at once. */
    private static final Set<String> WELL_KNOWN =
            Set.of(
                    "basic.target",
                    "default.target",
                    "graphical.target",
                    "local-fs.target",
                    "multi-user.target",
                    "network-online.target",
                    "network-pre.target",
                    "network.target",
                    "nss-lookup.target",
                    "paths.target",
                    "remote-fs.target",
                    "shutdown.target",
                    "sockets.target",
                    "sysinit.target",
                    "time-sync.target",
                    "timers.target",
                    "system-config.target",
                    "user-config.target");

    /** Drop-ins of one unit: some tools write one for each setting, none a hundred. */
    private static final int DROP_INS_MAX = 256;

    private final UnitDirectories directories;
    private final InitConfig config;

    UnitLoader(UnitDirectories directories, InitConfig config) {
        this.directories = directories;
        this.config = config;
    }

    /** Never throws: what is wrong with a unit is in the answer. */
    LoadedUnit load(String name) {
        Optional<String> badName = UnitName.problem(name);
        if (badName.isPresent()) {
            return bare(name, "not-found", Optional.empty(), badName.get());
        }
        Optional<Path> path = directories.find(name);
        try {
            if (path.isPresent() && directories.isMasked(path.get())) {
                return bare(name, "masked", path, "masked by " + path.get());
            }
            List<Path> dropIns = directories.dropIns(name);
            if (path.isEmpty() && !WELL_KNOWN.contains(name)) {
                return bare(name, "not-found", path, "no unit file of this name");
            }
            if (dropIns.size() > DROP_INS_MAX) {
                throw new IOException(
                        "%d drop-ins, the last one %s; %d are the most: remove some"
                                .formatted(dropIns.size(), dropIns.getLast(), DROP_INS_MAX));
            }
            UnitFile file = UnitFile.parse(path.isPresent() ? SmallFile.read(path.get()) : "");
            for (Path dropIn : dropIns) {
                file = file.with(UnitFile.parse(SmallFile.read(dropIn)));
                if (file.text().length() > SmallFile.BYTES_MAX) {
                    throw new IOException(
                            "the unit and its drop-ins up to %s are longer than %,d characters"
                                    .formatted(dropIn, SmallFile.BYTES_MAX));
                }
            }
            Specifiers specifiers = Specifiers.of(new UnitName(name), hostSpecifiers());
            if (specifiers.lengthMax(file.text()) > config.unitBytes()) {
                return tooLong(name, path);
            }
            return loaded(new UnitName(name), path, file);
        } catch (IOException e) {
            return bare(name, "error", path, "reading its files: " + e);
        }
    }

    private LoadedUnit loaded(UnitName name, Optional<Path> path, UnitFile file)
            throws IOException {
        Specifiers specifiers = Specifiers.of(name, hostSpecifiers());
        List<String> remarks = new ArrayList<>(Directives.remarks(file));
        boolean target = name.suffix().equals("target");
        Dependencies dependencies =
                Dependencies.of(file, specifiers, directories.links(name.full()), target);
        String load = "loaded";
        Optional<ServiceConfig> service = Optional.empty();
        if (name.suffix().equals("service")) {
            ServiceConfig read = promptly(ServiceConfigReader.read(file, specifiers));
            remarks.addAll(read.problems());
            StandardOutput.of(file, specifiers).remark().ifPresent(remarks::add);
            service = Optional.of(read);
            if (read.refusal().isPresent()) {
                load = "bad-setting";
                remarks.add(read.refusal().get());
            }
        } else if (!target) {
            load = "error";
            remarks.add("the embedded init runs services and targets, not " + name.suffix() + "s");
        }
        return new LoadedUnit(
                name.full(), load, path, file, specifiers, dependencies, service, remarks);
    }

    /** A builtin says when it is ready; its unit is started then, whatever Type= says. */
    private ServiceConfig promptly(ServiceConfig read) {
        List<ExecCommand> start = read.commands("ExecStart");
        boolean builtin =
                !start.isEmpty() && config.builtins().containsKey(start.getFirst().program());
        if (!builtin || read.type() == ServiceType.ONESHOT) {
            return read;
        }
        return new ServiceConfig(
                ServiceType.NOTIFY,
                read.remainAfterExit(),
                read.commands(),
                read.timeouts(),
                read.restarts(),
                read.killing(),
                read.successExits(),
                read.problems());
    }

    /** Not loaded, for the files of all units together would fill the heap. */
    LoadedUnit tooLong(String name, Optional<Path> path) {
        return bare(
                name,
                "error",
                path,
                "with it, and specifiers in place, unit files are longer than %,d characters"
                                .formatted(config.unitBytes())
                        + ": remove some, or give the machine's process a larger heap");
    }

    private LoadedUnit bare(String name, String load, Optional<Path> path, String remark) {
        return new LoadedUnit(
                name,
                load,
                path,
                UnitFile.parse(""),
                Specifiers.of(new UnitName("none.service"), Map.of()),
                Dependencies.NONE,
                Optional.empty(),
                List.of(remark));
    }

    private Map<Character, String> hostSpecifiers() {
        return Map.ofEntries(
                Map.entry('m', config.machineId()),
                Map.entry('b', config.bootId()),
                Map.entry('H', config.hostname()),
                Map.entry('l', config.hostname().split("\\.")[0]),
                Map.entry('v', System.getProperty("os.version", "")),
                Map.entry('a', Conditions.architecture()),
                Map.entry('u', System.getProperty("user.name", "")),
                Map.entry('U', attribute("unix:uid")),
                Map.entry('G', attribute("unix:gid")),
                Map.entry('g', attribute("posix:group")),
                Map.entry('h', System.getProperty("user.home", "/")),
                Map.entry('t', config.root().resolve("run").toString()),
                Map.entry('S', config.root().resolve("var/lib").toString()),
                Map.entry('C', config.root().resolve("var/cache").toString()),
                Map.entry('L', config.root().resolve("var/log").toString()),
                Map.entry('E', config.root().resolve("etc").toString()),
                Map.entry('T', "/tmp"),
                Map.entry('V', "/var/tmp"));
    }

    /** Who we are; empty where the host does not tell. */
    private static String attribute(String name) {
        try {
            return String.valueOf(Files.getAttribute(Path.of("/proc/self"), name));
        } catch (IOException | UnsupportedOperationException untold) {
            return "";
        }
    }
}

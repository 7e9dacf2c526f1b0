package flotilla.provision.hosts;

import flotilla.provision.ProvisionException;
import flotilla.provision.trust.NewMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a new host finds on its disk: who it is, what it starts, and its user-data. */
final class Furnishing {
    /** Where Vagrant put it for CoreOS, and coreos-cloudinit reads it. */
    static final String USER_DATA = "var/lib/coreos-vagrant/vagrantfile-user-data";

    private final HostsHome home;
    private final Veil veil;
    private final Equipment equipment;

    Furnishing(HostsHome home, Veil veil, Equipment equipment) {
        this.home = home;
        this.veil = veil;
        this.equipment = equipment;
    }

    /** Its root is mounted, as it was when it had power last. */
    void mount(HostPlace host) throws InterruptedException {
        try {
            for (Path directory : List.of(host.upper(), host.work(), host.root(), host.disk())) {
                Files.createDirectories(directory);
            }
        } catch (IOException e) {
            throw new ProvisionException("can't make the directories of " + host.name(), e);
        }
        if (!Mounts.has(host.root())) {
            Command.run(
                    "mount",
                    "-t",
                    "overlay",
                    "-o",
                    "lowerdir=%s,upperdir=%s,workdir=%s"
                            .formatted(veil.lowerLayers(), host.upper(), host.work()),
                    host.name(),
                    host.root().toString());
        }
    }

    /** One that is there already keeps what it has. */
    void furnish(HostPlace host, String userData) throws InterruptedException {
        if (Files.exists(host.identity())) {
            return;
        }
        Path root = host.root();
        String id = UUID.randomUUID().toString().replace("-", "");
        try {
            Files.writeString(
                    host.shown(),
                    equipment.shown().stream()
                            .map(folder -> folder.source() + "|" + folder.target() + "\n")
                            .collect(Collectors.joining()));
            Files.writeString(root.resolve("etc/hostname"), host.name() + "\n");
            Files.writeString(root.resolve("etc/hosts"), names());
            Files.writeString(root.resolve("etc/machine-id"), id + "\n");
            secret(root.resolve(USER_DATA), userData);
            equipment.install(new NewMachine(root, host.name(), host.address(), id));
            startsWhatIsThere(root);
            Files.writeString(host.identity(), id + "\n");
        } catch (IOException e) {
            throw new ProvisionException("can't write the files of " + host.name(), e);
        }
    }

    private static void secret(Path file, String text) throws IOException {
        Files.createDirectories(
                file.resolveSibling(""),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    private String names() {
        return "127.0.0.1 localhost\n::1 localhost ip6-localhost\n"
                + IntStream.rangeClosed(1, HostsHome.HOSTS_MAX)
                        .mapToObj(home::place)
                        .map(host -> host.address() + " " + host.name() + "\n")
                        .collect(Collectors.joining());
    }

    /** Its own keys for sshd; container engines are told to start. */
    private static void startsWhatIsThere(Path root) throws IOException, InterruptedException {
        Path wanted = root.resolve("etc/systemd/system");
        if (Files.exists(Path.of("/usr/sbin/sshd"))) {
            Files.createDirectories(root.resolve("etc/ssh"));
            Command.run("ssh-keygen", "-q", "-A", "-f", root.toString());
            starts(wanted.resolve("multi-user.target.wants"), "ssh.service");
        }
        if (Files.exists(Path.of("/lib/systemd/system/docker.service"))) {
            starts(wanted.resolve("multi-user.target.wants"), "docker.service");
            starts(wanted.resolve("sockets.target.wants"), "docker.socket");
        }
    }

    static void starts(Path wants, String unit) throws IOException {
        Files.createSymbolicLink(wants.resolve(unit), Path.of("/lib/systemd/system", unit));
    }
}

package flotilla.provision.hosts;

import flotilla.provision.ProvisionException;
import flotilla.provision.process.JvmProcess;
import flotilla.provision.trust.NewMachine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * Flotilla on hosts, as its packages install it: from a package of this machine, which hosts see as
 * they see all of its software, or from a checkout, whose {@code dist} holds what the packages do.
 */
public final class Installation {
    private static final Path PLACE = Path.of("/usr/lib/flotilla");
    private static final Path CACHE = Path.of("/var/cache/flotilla");
    private static final String CLOUDINIT = "flotilla-cloudinit.service";

    private static final List<String> COMMANDS =
            List.of("flotilla", "fleetd", "fleetctl", "coreos-cloudinit", "etcd");

    /** Where units find this machine's JDK, the examples and the store; systemd-system.conf(5). */
    private static final String ENVIRONMENT =
            """
            [Manager]
            DefaultEnvironment=JAVA_HOME=%s/runtime FLOTILLA_SHARE=/usr/share/flotilla ETCD_JSON=http://127.0.0.1:2379
            """
                    .formatted(PLACE);

    /** What a package's tree holds of what is a host's own. */
    private static final List<String> PARTS =
            List.of("usr/lib/systemd", "usr/lib/sysusers.d", "etc");

    private final Path jar;
    private final Path share;

    private Installation(Path jar, Path share) {
        this.jar = jar;
        this.share = share;
    }

    /**
     * What this JVM runs from.
     *
     * @param share a checkout, if that is what it runs from
     */
    public static Installation ofThisProgram(Path share) {
        try {
            Path own =
                    Path.of(
                            Installation.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            // Every room's jar is in lib, beside the one that names them all.
            Path lib = own.resolveSibling("");
            return new Installation(lib.resolveSibling("flotilla.jar"), share);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("where the programs are can't be said", e);
        }
    }

    /**
     * What was built in a checkout.
     *
     * @param share the checkout
     */
    public static Installation ofCheckout(Path share) {
        return new Installation(share.resolve("modules/cli/target/flotilla.jar"), share);
    }

    private boolean isPackage() {
        return jar.startsWith(PLACE);
    }

    /**
     * What hosts get.
     *
     * @param copy where a checkout's programs are copied to, for what is built anew there must not
     *     change under machines that run
     */
    public Equipment equipment(Path copy) {
        return new Equipment() {
            @Override
            public List<Shown> shown() throws IOException {
                if (isPackage()) {
                    return List.of();
                }
                copyPrograms(copy);
                return List.of(
                        new Shown(copy.resolve("programs"), PLACE),
                        new Shown(
                                Path.of(System.getProperty("java.home")), PLACE.resolve("runtime")),
                        new Shown(copy.resolve("cache"), CACHE));
            }

            @Override
            public void install(NewMachine host) throws IOException, InterruptedException {
                Path root = host.root();
                if (!isPackage()) {
                    copyPackages(root);
                }
                Command.run("systemd-sysusers", "--root=" + root);
                Furnishing.starts(
                        root.resolve("etc/systemd/system/multi-user.target.wants"), CLOUDINIT);
            }
        };
    }

    private void copyPrograms(Path copy) throws IOException {
        Path programs = copy.resolve("programs");
        Path cache = copy.resolve("cache");
        if (Files.exists(cache)) {
            return;
        }
        if (Files.notExists(jar)) {
            throw new ProvisionException(
                    "there is no %s, from which hosts would get their programs: run ./flotilla or the package's"
                            .formatted(jar));
        }
        directory(programs);
        directory(programs.resolve("runtime"));
        copy(jar, programs.resolve("flotilla.jar"));
        copyTree(jar.resolveSibling("lib"), programs.resolve("lib"));
        for (Path tree : packages()) {
            copyTree(tree.resolve("usr/lib/flotilla"), programs);
        }
        try (InputStream flags = JvmProcess.commonFlags()) {
            Files.copy(flags, programs.resolve("jvm.flags"), StandardCopyOption.REPLACE_EXISTING);
        }
        Path fresh = copy.resolve("cache.new");
        directory(fresh);
        Path learned = jar.resolveSibling("flotilla.aot");
        if (Files.exists(learned)) {
            copy(learned, fresh.resolve("daemons.aot"));
        }
        Files.move(fresh, cache);
    }

    private void copyPackages(Path root) throws IOException {
        for (Path tree : packages()) {
            for (String part : PARTS) {
                copyTree(tree.resolve(part), root.resolve(part));
            }
        }
        for (String command : COMMANDS) {
            Path link = root.resolve("usr/bin").resolve(command);
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, PLACE.resolve("bin/flotilla"));
        }
        copyTree(share.resolve("examples"), root.resolve("usr/share/flotilla/examples"));
        Path settings = root.resolve("etc/systemd/system.conf.d");
        directory(settings);
        Files.writeString(settings.resolve("10-flotilla.conf"), ENVIRONMENT);
    }

    private List<Path> packages() {
        return Stream.of("flotilla", "flotilla-etcd")
                .map(name -> share.resolve("dist").resolve(name))
                .toList();
    }

    /** With its times, by which a JVM's cache knows what it was made from. */
    private static void copy(Path from, Path to) throws IOException {
        Files.copy(
                from,
                to,
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES,
                LinkOption.NOFOLLOW_LINKS);
    }

    private static void copyTree(Path from, Path to) throws IOException {
        if (Files.notExists(from)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    directory(target);
                } else {
                    copy(path, target);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** As others may read it, whatever this process would give its own files. */
    private static void directory(Path target) throws IOException {
        if (Files.notExists(target)) {
            Files.createDirectories(target);
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }
}

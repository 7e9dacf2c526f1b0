package flotilla.cloudconfig.apply;

import flotilla.cloudconfig.document.CloudConfig.WrittenFile;
import flotilla.cloudconfig.plan.Action.AuthorizeKeys;
import flotilla.cloudconfig.plan.AuthorizedKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A user's .ssh. What is in it was put there by the user, whom a machine's init must not serve: no
 * symbolic link is followed, and every file belongs to whoever owns the home directory.
 */
final class SshDirectory {
    private static final int PRIVATE = 0600;

    private final Path home;
    private final Path ssh;
    private final Path keys;
    private final Path fragments;

    SshDirectory(Path root, String user) {
        this.home = root.resolve("home").resolve(user);
        this.ssh = home.resolve(".ssh");
        this.keys = ssh.resolve("authorized_keys");
        this.fragments = ssh.resolve("authorized_keys.d");
    }

    /** Keeps keys under a name, apart from others of the user, and lets all of them in. */
    void authorize(AuthorizeKeys action) throws IOException {
        makeHome(action.user());
        makeDirectory(ssh);
        makeDirectory(fragments);
        refuseLink(keys);
        Map<String, String> before = fragments();
        Map<String, String> after = new TreeMap<>(before);
        String text = raw(String.join("\n", action.keys()) + "\n");
        after.put(action.name(), text);
        String current = Files.exists(keys, LinkOption.NOFOLLOW_LINKS) ? read(keys) : "";
        // First what lets people in: what is by hand is told by the fragments as they were.
        write(keys, AuthorizedKeys.merge(before.values(), after.values(), current));
        write(fragments.resolve(action.name()), text);
    }

    private void makeHome(String user) throws IOException {
        if (Files.exists(home)) {
            return;
        }
        Files.createDirectories(home);
        try {
            view(home)
                    .setOwner(
                            home.getFileSystem()
                                    .getUserPrincipalLookupService()
                                    .lookupPrincipalByName(user));
        } catch (UserPrincipalNotFoundException e) {
            return; // A local machine's user need not be one of the host's.
        } catch (FileSystemException e) {
            return; // Only root gives files away; then all of the machine is its starter's.
        }
    }

    private void makeDirectory(Path directory) throws IOException {
        refuseLink(directory);
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            Owner.give(directory, homesOwner());
        }
    }

    private static void refuseLink(Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            throw new IOException(
                    path
                            + " is a symbolic link, which is not followed in a user's home: put the file or directory itself there");
        }
    }

    private Map<String, String> fragments() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.list(fragments)) {
            for (Path file : files.toList()) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    texts.put(name(file), read(file));
                }
            }
        }
        return texts;
    }

    private static String name(Path file) {
        return Optional.ofNullable(file.getFileName()).map(Path::toString).orElse("");
    }

    /** Byte for byte: a comment in a key may be in any encoding. */
    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    private static String raw(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private void write(Path file, String text) throws IOException {
        DurableFile.write(
                file,
                new WrittenFile(
                        file.toString(),
                        text.getBytes(StandardCharsets.ISO_8859_1),
                        PRIVATE,
                        Optional.of(homesOwner())));
    }

    private String homesOwner() throws IOException {
        return Files.getAttribute(home, "unix:uid") + ":" + Files.getAttribute(home, "unix:gid");
    }

    private static PosixFileAttributeView view(Path path) {
        return Files.getFileAttributeView(
                path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }
}

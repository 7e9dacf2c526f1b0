package flotilla.cloudconfig.apply;

import flotilla.cloudconfig.plan.Action.AuthorizeKeys;
import flotilla.cloudconfig.plan.AuthorizedKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NotDirectoryException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A user's .ssh. What is in it was put there by the user, whom a machine's init must not serve: no
 * symbolic link is followed. Everything in it belongs to the user and nobody else may write there,
 * as sshd wants it (sshd_config(5), StrictModes).
 */
final class SshDirectory {
    private static final int HOME = 0755;
    private static final int PRIVATE_DIRECTORY = 0700;
    private static final int PRIVATE = 0600;

    /** Of one file of keys. */
    private static final int BYTES_MAX = 1 << 20;

    private static final String KEYS = "authorized_keys";

    private final MachineTree tree;
    private final Home home;

    SshDirectory(MachineTree tree, Home home) {
        this.tree = tree;
        this.home = home;
    }

    /** Keeps keys under a name, apart from others of the user, and lets all of them in. */
    void authorize(AuthorizeKeys action) throws IOException {
        tree.at(
                home.path(),
                (parent, name) -> {
                    try (HeldDirectory directory =
                            enter(parent, name, HOME, home.uid().isPresent() ? numbers() : "")) {
                        inHome(directory, action);
                    }
                    return action;
                });
    }

    private String numbers() {
        return home.uid().orElseThrow() + ":" + home.gid().orElseThrow();
    }

    private void inHome(HeldDirectory directory, AuthorizeKeys action) throws IOException {
        int keeper = directory.owned().uid();
        if (home.uid().isPresent()
                && keeper != home.uid().getAsInt()
                && !tree.keepers().has(keeper)) {
            throw new IOException(
                    "%s belongs to user %d, not to %s: give it back (chown)"
                            .formatted(directory.place(), keeper, action.user()));
        }
        String owner = home.uid().isPresent() ? numbers() : directory.owned().numbers();
        try (HeldDirectory ssh = enter(directory, ".ssh", PRIVATE_DIRECTORY, owner);
                HeldDirectory fragments =
                        enter(ssh, "authorized_keys.d", PRIVATE_DIRECTORY, owner)) {
            Map<String, String> before = texts(fragments);
            Map<String, String> after = new TreeMap<>(before);
            String text = raw(String.join("\n", action.keys()) + "\n");
            after.put(action.name(), text);
            String current = read(ssh, KEYS);
            // First what lets people in: what is by hand is told by the fragments as they were.
            write(ssh, KEYS, AuthorizedKeys.merge(before.values(), after.values(), current), owner);
            write(fragments, action.name(), text, owner);
        }
    }

    private static HeldDirectory enter(HeldDirectory parent, String name, int mode, String owner)
            throws IOException {
        try {
            return parent.enterOrMake(name, mode, owner);
        } catch (NotDirectoryException e) {
            throw new IOException(
                    parent.isLink(name)
                            ? Keepers.notFollowed(parent.place().resolve(name))
                            : parent.place().resolve(name) + " is no directory",
                    e);
        }
    }

    private static Map<String, String> texts(HeldDirectory fragments) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        for (String name : fragments.files()) {
            texts.put(name, read(fragments, name));
        }
        return texts;
    }

    /** Byte for byte: a comment in a key may be in any encoding. */
    private static String read(HeldDirectory directory, String name) throws IOException {
        byte[] bytes = directory.read(name, BYTES_MAX).orElse(new byte[0]);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String raw(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static void write(HeldDirectory directory, String name, String text, String owner)
            throws IOException {
        directory.replace(
                name, text.getBytes(StandardCharsets.ISO_8859_1), PRIVATE, Optional.of(owner));
    }
}

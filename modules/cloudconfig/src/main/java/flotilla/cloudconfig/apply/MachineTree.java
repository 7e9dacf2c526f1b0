package flotilla.cloudconfig.apply;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The machine's directories, from its / down. Every step is taken from a directory held open, so
 * that none is taken through what somebody put there meanwhile; a link that counts (see {@link
 * Keepers}) leads on inside the machine's / whatever it says.
 */
final class MachineTree {
    /** Symbolic links on one way: as many as the kernel follows (path_resolution(7)). */
    private static final int LINKS_MAX = 40;

    private static final int DIRECTORY = 0755;

    private final Path root;
    private final Keepers keepers;

    MachineTree(Path root, Keepers keepers) {
        this.root = root;
        this.keepers = keepers;
    }

    static MachineTree at(Path root) throws IOException {
        return new MachineTree(root, Keepers.of(root));
    }

    Keepers keepers() {
        return keepers;
    }

    /** Something done in a directory while it is held. */
    @FunctionalInterface
    interface Use<T> {
        T in(HeldDirectory directory, String name) throws IOException;
    }

    /**
     * Does something to a file; its directories are made where they are missing.
     *
     * @param path from the machine's /
     */
    <T> T at(String path, Use<T> use) throws IOException {
        Deque<String> names = names(path);
        if (names.isEmpty()) {
            throw new IOException(path + " names no file");
        }
        String last = names.removeLast();
        try (HeldDirectory directory = new Way(names).walk()) {
            return use.in(directory, last);
        }
    }

    private static Deque<String> names(String path) throws IOException {
        try {
            Deque<String> names = new ArrayDeque<>();
            for (Path part : Path.of(path)) {
                String name = part.toString();
                if (!name.isEmpty() && !name.equals(".")) {
                    names.addLast(name);
                }
            }
            return names;
        } catch (InvalidPathException e) {
            throw new IOException(
                    "the host can't express this path (%s): in a locale such as C it takes ASCII only, start the machine with LC_ALL=C.UTF-8"
                            .formatted(e.getReason()),
                    e);
        }
    }

    /** One walk: the names that led here, none of them a link, and those still ahead. */
    private final class Way {
        private final List<String> behind = new ArrayList<>();
        private final Deque<String> ahead;
        private int links;

        Way(Deque<String> names) {
            this.ahead = names;
        }

        HeldDirectory walk() throws IOException {
            HeldDirectory here = HeldDirectory.root(root, keepers);
            try {
                while (!ahead.isEmpty()) {
                    HeldDirectory next = step(here, ahead.removeFirst());
                    here.close();
                    here = next;
                }
                return here;
            } catch (IOException | RuntimeException e) {
                here.close();
                throw e;
            }
        }

        private HeldDirectory step(HeldDirectory here, String name) throws IOException {
            if (name.equals("..")) {
                if (!behind.isEmpty()) {
                    behind.removeLast();
                }
                return again();
            }
            try {
                HeldDirectory next = here.enterOrMake(name, DIRECTORY, maker(here));
                behind.add(name);
                return next;
            } catch (NotDirectoryException e) {
                if (!here.isLink(name)) {
                    throw new IOException(here.place().resolve(name) + " is no directory", e);
                }
                return follow(here, name);
            }
        }

        /** What is made in an account's directory is that account's. */
        private String maker(HeldDirectory here) {
            return keepers.has(here.owned().uid()) ? "" : here.owned().numbers();
        }

        private HeldDirectory follow(HeldDirectory here, String name) throws IOException {
            if (++links > LINKS_MAX) {
                throw new IOException(
                        here.place().resolve(name) + " is one symbolic link too many");
            }
            String target = here.target(name);
            if (target.startsWith("/")) {
                behind.clear();
            }
            names(target).descendingIterator().forEachRemaining(ahead::addFirst);
            return again();
        }

        /** From the root, by the names that led here: no name says where a parent is by now. */
        private HeldDirectory again() throws IOException {
            behind.reversed().forEach(ahead::addFirst);
            behind.clear();
            return HeldDirectory.root(root, keepers);
        }
    }
}

package flotilla.cloudconfig.apply;

import flotilla.cloudconfig.document.User;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Port: the accounts of the machine. */
interface Accounts {
    /**
     * Those of a machine.
     *
     * @param root its /
     * @param progress is told what is done beside, or instead of, what was asked for
     */
    static Accounts of(Path root, Consumer<String> progress) {
        return root.equals(Path.of("/")) && isRoot()
                ? new HostAccounts(progress)
                : new NoAccounts(progress);
    }

    private static boolean isRoot() {
        try {
            return Owned.ofThisProcess().uid() == Keepers.ROOT;
        } catch (IOException e) {
            throw new UncheckedIOException("this host has no /proc", e);
        }
    }

    /**
     * Makes an account, or gives one that is there the password and the groups that it lacks; the
     * rest of one that is there stays as it is. Blocks.
     */
    void provide(User user) throws IOException, InterruptedException;

    /** Makes the user of CoreOS's machines, unless there is one. Blocks. */
    void provideCore(String name) throws IOException, InterruptedException;

    /**
     * @throws IOException also when there is no such account, where there are accounts
     */
    Home home(String user) throws IOException, InterruptedException;
}

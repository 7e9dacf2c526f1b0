package flotilla.cloudconfig.apply;

import flotilla.cloudconfig.document.User;
import java.util.function.Consumer;

/** On a machine that is a directory of a host, or without rights: its accounts are left alone. */
record NoAccounts(Consumer<String> progress) implements Accounts {
    @Override
    public void provide(User user) {
        leave(user.name());
    }

    @Override
    public void provideCore(String name) {
        leave(name);
    }

    private void leave(String name) {
        progress.accept(
                "user %s is left as it is: the accounts of this machine are its host's"
                        .formatted(name));
    }

    @Override
    public Home home(String user) {
        return Home.byName(user);
    }
}

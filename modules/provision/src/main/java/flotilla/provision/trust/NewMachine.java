package flotilla.provision.trust;

import flotilla.trust.home.StoreCopies;
import flotilla.trust.home.TrustHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A machine whose disk is at hand, and which has not booted yet.
 *
 * @param root its root directory, seen from here
 * @param machineId machine-id(5)
 */
public record NewMachine(Path root, String name, String address, String machineId) {
    TrustHome home() {
        return TrustHome.below(root);
    }

    /** For the store's user as the machine itself knows it: here that name may be another's. */
    StoreCopies copies() throws IOException {
        StoreCopies ours = StoreCopies.beside(home());
        return new StoreCopies(ours.directory(), userId(ours.user()));
    }

    private String userId(String user) throws IOException {
        Path users = root.resolve("etc/passwd");
        return Files.readAllLines(users).stream()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length > 2 && fields[0].equals(user))
                .map(fields -> fields[2])
                .findFirst()
                .orElseThrow(
                        () -> new IOException("there is no user %s in %s".formatted(user, users)));
    }
}

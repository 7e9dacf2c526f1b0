package flotilla.provision.local;

import flotilla.provision.ProvisionException;
import java.io.IOException;
import java.nio.file.Files;

/** The cluster's user-data, its token filled in: the one file that all machines boot from. */
final class UserDataFile {
    private UserDataFile() {}

    static String read(LocalHome home) {
        try {
            return Files.readString(home.userData());
        } catch (IOException e) {
            throw new ProvisionException(
                    "can't read the cluster's user-data "
                            + home.userData()
                            + ": put it back, or remove the cluster with ./flotilla down --purge",
                    e);
        }
    }

    static void write(LocalHome home, String userData) {
        try {
            PrivateFiles.replace(home.userData(), userData);
        } catch (IOException e) {
            throw new ProvisionException("can't write " + home.userData(), e);
        }
    }
}

package flotilla.cli.service;

import flotilla.store.boot.EtcdVersion;
import java.util.Locale;
import picocli.CommandLine.IVersionProvider;

/** etcd's four lines; programs that launch an etcd read the first. */
final class EtcdVersionLines implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "etcd Version: " + EtcdVersion.SERVER,
            "Git SHA: none (this is Flotilla, which speaks as etcd " + EtcdVersion.SERVER + ")",
            "Go Version: none (Java " + Runtime.version() + ")",
            "Go OS/Arch: "
                    + System.getProperty("os.name", "").toLowerCase(Locale.ROOT)
                    + "/"
                    + System.getProperty("os.arch", "")
        };
    }
}

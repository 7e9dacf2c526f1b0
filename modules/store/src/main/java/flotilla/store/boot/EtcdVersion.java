package flotilla.store.boot;

/**
 * The etcd whose behaviour this server shows, and says so: clients choose what they use by it. It
 * is the version the conformance run compares with.
 */
public final class EtcdVersion {
    public static final String SERVER = "3.4.23";
    public static final String CLUSTER = "3.4.0";

    private EtcdVersion() {}
}

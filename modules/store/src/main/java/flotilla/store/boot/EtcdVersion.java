package flotilla.store.boot;

import flotilla.store.apply.level.FeatureLevel;

/**
 * The etcd whose behaviour this server shows, and says so: clients choose what they use by it. It
 * is the version the conformance run compares with.
 */
public final class EtcdVersion {
    public static final String SERVER = "3.4.23";
    public static final String CLUSTER = "3.4.0";

    /** What etcd says as long as members have yet to tell their versions. */
    private static final String NOT_DECIDED = "not_decided";

    private EtcdVersion() {}

    /** Every feature level is one and the same version of etcd. */
    public static String cluster(int featureLevel) {
        return featureLevel == FeatureLevel.UNDECIDED ? NOT_DECIDED : CLUSTER;
    }
}

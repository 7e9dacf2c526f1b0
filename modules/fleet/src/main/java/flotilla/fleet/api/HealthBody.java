package flotilla.fleet.api;

/**
 * How this machine's fleetd fares.
 *
 * @param health {@code true} when nothing is wrong, in etcd's form
 * @param cluster whether the machine is in the cluster
 * @param engine {@code leads}, {@code stands by}, {@code disabled}, or why its terms fail
 */
public record HealthBody(String health, boolean cluster, String engine) {
    public static HealthBody of(boolean cluster, String engine, boolean engineIsWell) {
        return new HealthBody(String.valueOf(cluster && engineIsWell), cluster, engine);
    }

    boolean isWell() {
        return health.equals("true");
    }
}

package flotilla.fleet.registry;

import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.ImageName;
import java.util.Optional;

/**
 * How keys are spelled.
 *
 * @param prefix begins and ends with a slash
 */
public record Layout(String prefix) {
    private static final String UNITS = "units";

    /** In the name of an image, which has no percent sign. */
    private static final String SLASH = "%2F";

    public static final String DEFAULT_PREFIX = "/flotilla/fleet/";

    public Layout {
        if (!prefix.startsWith("/") || !prefix.endsWith("/")) {
            throw new IllegalArgumentException(
                    "etcd key prefix \"" + prefix + "\" must begin and end with a slash");
        }
    }

    public String path(Key key) {
        return switch (key) {
            case Key.OfJob(String unit) -> cluster() + "job/" + unit;
            case Key.OfText(String hash) -> cluster() + "text/" + hash;
            case Key.OfMachine(String machine) -> machines() + machine;
            case Key.OfMetadata(String machine, String name) -> metadata(machine) + name;
            case Key.OfEligibility(String machine) -> eligibility() + machine;
            case Key.OfDefaults() -> cluster() + "defaults/" + UNITS;
            case Key.OfOwner(String unit) -> cluster() + "owner/" + unit;
            case Key.OfPlacement(String machine, String unit) -> placements(machine) + unit;
            case Key.OfAcknowledgement(String machine, String unit) ->
                    acknowledgements(machine) + unit;
            case Key.OfStrikes(String unit) -> cluster() + "strikes/" + unit;
            case Key.OfSighting(String machine) -> cluster() + "sighting/" + machine;
            case Key.OfLeaving(String machine) -> cluster() + "leaving/" + machine;
            case Key.OfRollout(String set) -> rollouts() + set;
            case Key.Unknown(String path) -> cluster() + path;
            case Key.OfState(String machine, String unit) -> states(machine) + unit;
            case Key.OfImage(String name) -> images() + name.replace("/", SLASH);
            case Key.OfHolding(String machine) -> holdings() + machine;
            case Key.OfHistory(String subject, String name, String line) ->
                    history() + subject + "/" + name + "/" + line;
        };
    }

    /** Empty for what is not ours; {@link Key.Unknown} for what is of a later version. */
    public Optional<Key> key(String path) {
        if (!path.startsWith(prefix)) {
            return Optional.empty();
        }
        String[] parts = path.substring(prefix.length()).split("/", -1);
        if (parts.length == 3 && parts[0].equals("state")) {
            return Optional.of(new Key.OfState(parts[1], parts[2]));
        }
        if (parts.length == 4 && parts[0].equals("history")) {
            return Optional.of(new Key.OfHistory(parts[1], parts[2], parts[3]));
        }
        if (parts.length == 2 && parts[0].equals("image")) {
            return ImageName.read(parts[1].replace(SLASH, "/"))
                    .map(name -> new Key.OfImage(name.full()));
        }
        if (parts.length == 2 && parts[0].equals("holding")) {
            return Optional.of(new Key.OfHolding(parts[1]));
        }
        if (!path.startsWith(cluster())) {
            return Optional.empty();
        }
        Optional<Key> known = parts.length == 3 ? single(parts[1], parts[2]) : pair(parts);
        return known.or(() -> Optional.of(new Key.Unknown(path.substring(cluster().length()))));
    }

    private static Optional<Key> single(String kind, String name) {
        return switch (kind) {
            case "job" -> Optional.of(new Key.OfJob(name));
            case "text" -> Optional.of(new Key.OfText(name));
            case "machine" -> Optional.of(new Key.OfMachine(name));
            case "strikes" -> Optional.of(new Key.OfStrikes(name));
            case "sighting" -> Optional.of(new Key.OfSighting(name));
            case "leaving" -> Optional.of(new Key.OfLeaving(name));
            case "eligibility" -> Optional.of(new Key.OfEligibility(name));
            case "defaults" ->
                    Optional.of(name).filter(UNITS::equals).map(_ -> new Key.OfDefaults());
            case "rollout" -> Optional.of(new Key.OfRollout(name));
            case "owner" -> Optional.of(new Key.OfOwner(name));
            default -> Optional.empty();
        };
    }

    private static Optional<Key> pair(String[] parts) {
        if (parts.length != 4) {
            return Optional.empty();
        }
        return switch (parts[1]) {
            case "metadata" -> Optional.of(new Key.OfMetadata(parts[2], parts[3]));
            case "acknowledgement" -> Optional.of(new Key.OfAcknowledgement(parts[2], parts[3]));
            case "placement" -> Optional.of(new Key.OfPlacement(parts[2], parts[3]));
            default -> Optional.empty();
        };
    }

    /** All that the engine decides from. */
    public String cluster() {
        return prefix + "cluster/";
    }

    public String jobs() {
        return cluster() + "job/";
    }

    public String texts() {
        return cluster() + "text/";
    }

    public String owners() {
        return cluster() + "owner/";
    }

    public String rollouts() {
        return cluster() + "rollout/";
    }

    public String machines() {
        return cluster() + "machine/";
    }

    public String metadata() {
        return cluster() + "metadata/";
    }

    public String metadata(String machineId) {
        return metadata() + machineId + "/";
    }

    public String eligibility() {
        return cluster() + "eligibility/";
    }

    /** All that one machine watches. */
    public String placements(String machineId) {
        return cluster() + "placement/" + machineId + "/";
    }

    public String acknowledgements(String machineId) {
        return cluster() + "acknowledgement/" + machineId + "/";
    }

    public String states() {
        return prefix + "state/";
    }

    public String states(String machineId) {
        return states() + machineId + "/";
    }

    public String images() {
        return prefix + "image/";
    }

    public String holdings() {
        return prefix + "holding/";
    }

    public String history() {
        return prefix + "history/";
    }

    public String historyOfUnit(String unit) {
        return history() + "unit/" + unit + "/";
    }

    public String historyOfMachine(String machineId) {
        return history() + "machine/" + machineId + "/";
    }

    /** The election of the engine, without the slash at its end. */
    public String engine() {
        return prefix + "engine";
    }
}

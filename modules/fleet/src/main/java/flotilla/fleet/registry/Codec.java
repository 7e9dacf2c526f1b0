package flotilla.fleet.registry;

import com.google.protobuf.ByteString;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Deed;
import flotilla.fleet.job.Defaults;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Health;
import flotilla.fleet.job.Health.Verdict;
import flotilla.fleet.job.Image;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.PublishedState;
import flotilla.fleet.job.Rollout;
import flotilla.fleet.job.Sighting;
import flotilla.fleet.job.Strikes;
import flotilla.fleet.job.Turn;
import flotilla.platform.json.Json;
import flotilla.platform.json.Json.JsonException;
import flotilla.units.UnitFile;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How values are written: JSON objects, except for texts and owners, which are just that. What a
 * later version adds is ignored; what is missing or wrong is refused, except for a machine's
 * eligibility.
 */
final class Codec {
    private Codec() {}

    private record JobValue(
            @Nullable String hash,
            @Nullable String desired,
            long generation,
            @Nullable TurnValue turn,
            @Nullable String previous) {}

    private record TurnValue(@Nullable String id, int position) {}

    private record AcknowledgementValue(
            long placement,
            long generation,
            boolean released,
            @Nullable String health,
            @Nullable String words,
            long changes) {}

    private record PlacementValue(
            @Nullable String hash,
            @Nullable String desired,
            long generation,
            long since,
            @Nullable Set<String> earlier) {}

    private record StrikesValue(
            @Nullable String hash, int count, long lastMillis, @Nullable String machine) {}

    private record MachineValue(
            @Nullable String publicIp,
            @Nullable String hostname,
            @Nullable Map<String, String> metadata,
            long memoryBytes,
            long milliCpus,
            @Nullable String version,
            @Nullable Long fenceMillis) {}

    private record SightingValue(long fenceMillis, long goneMillis) {}

    private record LeavingValue(boolean leaving, boolean stopped) {}

    private record MetadataValue(@Nullable String value) {}

    private record DefaultsValue(@Nullable String placement) {}

    private record EligibilityValue(@Nullable String eligibility) {}

    private record StateValue(
            @Nullable String hash,
            @Nullable String load,
            @Nullable String active,
            @Nullable String sub,
            boolean launched,
            @Nullable String loadError,
            @Nullable String health,
            @Nullable String words,
            long changes) {}

    private record DeedValue(
            @Nullable String what,
            long atMillis,
            @Nullable String unit,
            @Nullable String hash,
            @Nullable String machine,
            @Nullable String from,
            @Nullable String desired,
            long generation,
            @Nullable String by,
            @Nullable String reason) {}

    static ByteString encode(Entry entry) {
        return ByteString.copyFromUtf8(
                switch (entry) {
                    case Entry.OfJob(Job job) -> Json.write(value(job));
                    case Entry.OfText(String hash, String text) -> text;
                    case Entry.OfMachine(Machine machine) -> Json.write(value(machine));
                    case Entry.OfMetadata(String machine, String name, Optional<String> value) ->
                            Json.write(new MetadataValue(value.orElse(null)));
                    case Entry.OfEligibility(String machine, Eligibility eligibility) ->
                            Json.write(new EligibilityValue(eligibility.text()));
                    case Entry.OfDefaults(Defaults defaults) ->
                            Json.write(new DefaultsValue(defaults.placement()));
                    case Entry.OfOwner(String unit, String machine) -> machine;
                    case Entry.OfPlacement placement -> Json.write(value(placement));
                    case Entry.OfAcknowledgement(var machine, var unit, Acknowledgement said) ->
                            Json.write(value(said));
                    case Entry.OfStrikes(String unit, Strikes against) ->
                            Json.write(
                                    new StrikesValue(
                                            against.hash(),
                                            against.count(),
                                            against.lastMillis(),
                                            against.machineId()));
                    case Entry.OfSighting(var machine, Sighting sighting) ->
                            Json.write(
                                    new SightingValue(
                                            sighting.fenceMillis(), sighting.goneMillis()));
                    case Entry.OfRollout(Rollout rollout) -> RolloutCodec.encode(rollout);
                    case Entry.OfImage(Image image) -> ImageCodec.encode(image);
                    case Entry.OfHolding(var machine, var images) -> ImageCodec.encode(images);
                    case Entry.OfLeaving(String machine, boolean stopped) ->
                            Json.write(new LeavingValue(true, stopped));
                    case Entry.Unreadable(Key key) ->
                            throw new IllegalArgumentException("nobody writes " + key + " so");
                    case Entry.OfState(PublishedState state) -> Json.write(value(state));
                    case Entry.OfHistory(Deed deed) -> Json.writeSparse(value(deed));
                });
    }

    private static JobValue value(Job job) {
        return new JobValue(
                job.hash(),
                job.desired().text(),
                job.generation(),
                job.turn().map(turn -> new TurnValue(turn.id(), turn.position())).orElse(null),
                job.previous().orElse(null));
    }

    private static PlacementValue value(Entry.OfPlacement placement) {
        Assignment told = placement.assignment();
        Set<String> earlier = placement.earlier();
        return new PlacementValue(
                told.hash(),
                told.desired().text(),
                told.generation(),
                placement.sinceMillis(),
                earlier.isEmpty() ? null : new TreeSet<>(earlier));
    }

    private static AcknowledgementValue value(Acknowledgement said) {
        Health health = said.health();
        return new AcknowledgementValue(
                said.placement(),
                said.generation(),
                said.released(),
                word(health),
                words(health),
                health.count());
    }

    /** What is not known is not said. */
    private static @Nullable String word(Health health) {
        return health.verdict() == Verdict.UNKNOWN ? null : health.verdict().text();
    }

    private static @Nullable String words(Health health) {
        return health.words().isEmpty() ? null : health.words();
    }

    /** A word of a later version counts as none: such a unit is not healthy, and has not failed. */
    private static Health health(@Nullable String word, @Nullable String words, long changes) {
        Verdict verdict = Optional.ofNullable(word).flatMap(Verdict::of).orElse(Verdict.UNKNOWN);
        return new Health(verdict, Objects.requireNonNullElse(words, ""), changes);
    }

    private static MachineValue value(Machine machine) {
        return new MachineValue(
                machine.publicIp(),
                machine.hostname(),
                machine.metadata(),
                machine.capacity().memoryBytes(),
                machine.capacity().milliCpus(),
                machine.version(),
                machine.fenceMillis());
    }

    private static StateValue value(PublishedState state) {
        return new StateValue(
                state.hash(),
                state.load(),
                state.active(),
                state.sub(),
                state.launched(),
                state.loadError().isEmpty() ? null : state.loadError(),
                word(state.health()),
                words(state.health()),
                state.health().count());
    }

    private static DeedValue value(Deed deed) {
        return new DeedValue(
                deed.what().text(),
                deed.atMillis(),
                deed.unit(),
                deed.hash(),
                deed.machineId(),
                deed.fromId(),
                deed.desired().map(JobState::text).orElse(null),
                deed.generation(),
                deed.by(),
                deed.reason());
    }

    static Entry decode(Key key, ByteString bytes) throws BadValueException {
        try {
            return decode(key, bytes.toStringUtf8());
        } catch (RuntimeException e) {
            throw new BadValueException("bad value of " + key + ": " + e.getMessage());
        }
    }

    private static Entry decode(Key key, String text) {
        return switch (key) {
            case Key.OfJob(String unit) ->
                    new Entry.OfJob(job(unit, Json.read(text, JobValue.class)));
            case Key.OfText(String hash) -> {
                if (!UnitFile.parse(text).hash().equals(hash)) {
                    throw new IllegalArgumentException("the text has another hash");
                }
                yield new Entry.OfText(hash, text);
            }
            case Key.OfMachine(String id) ->
                    new Entry.OfMachine(machine(id, Json.read(text, MachineValue.class)));
            case Key.OfMetadata(String machine, String name) ->
                    new Entry.OfMetadata(
                            machine,
                            name,
                            Optional.ofNullable(Json.read(text, MetadataValue.class).value()));
            case Key.OfEligibility(String machine) ->
                    new Entry.OfEligibility(machine, eligibility(text));
            case Key.OfDefaults() ->
                    new Entry.OfDefaults(
                            Defaults.placing(
                                    required(
                                            "placement",
                                            Json.read(text, DefaultsValue.class).placement())));
            case Key.OfOwner(String unit) ->
                    new Entry.OfOwner(unit, required("owner", text.isEmpty() ? null : text));
            case Key.OfPlacement(String machine, String unit) -> {
                PlacementValue value = Json.read(text, PlacementValue.class);
                yield new Entry.OfPlacement(
                        machine,
                        unit,
                        new Assignment(
                                required("hash", value.hash()),
                                state(value.desired()),
                                value.generation()),
                        value.since(),
                        Objects.requireNonNullElse(value.earlier(), Set.of()));
            }
            case Key.OfAcknowledgement(String machine, String unit) ->
                    new Entry.OfAcknowledgement(
                            machine, unit, said(Json.read(text, AcknowledgementValue.class)));
            case Key.OfStrikes(String unit) -> {
                StrikesValue value = Json.read(text, StrikesValue.class);
                yield new Entry.OfStrikes(
                        unit,
                        new Strikes(
                                required("hash", value.hash()),
                                value.count(),
                                value.lastMillis(),
                                required("machine", value.machine())));
            }
            case Key.OfSighting(String machine) -> {
                SightingValue value = Json.read(text, SightingValue.class);
                yield new Entry.OfSighting(
                        machine, new Sighting(value.fenceMillis(), value.goneMillis()));
            }
            case Key.OfLeaving(String machine) ->
                    new Entry.OfLeaving(machine, Json.read(text, LeavingValue.class).stopped());
            case Key.OfRollout(String set) -> new Entry.OfRollout(RolloutCodec.decode(set, text));
            case Key.OfImage(String name) -> new Entry.OfImage(ImageCodec.decode(name, text));
            case Key.OfHolding(String machine) ->
                    new Entry.OfHolding(machine, ImageCodec.decodeHolding(text));
            case Key.Unknown unknown -> new Entry.Unreadable(unknown);
            case Key.OfState(String machine, String unit) ->
                    new Entry.OfState(published(machine, unit, Json.read(text, StateValue.class)));
            case Key.OfHistory ignored ->
                    new Entry.OfHistory(deed(Json.read(text, DeedValue.class)));
        };
    }

    private static Acknowledgement said(AcknowledgementValue value) {
        return new Acknowledgement(
                value.placement(),
                value.generation(),
                value.released(),
                health(value.health(), value.words(), value.changes()));
    }

    private static Job job(String unit, JobValue value) {
        Optional<Turn> turn =
                Optional.ofNullable(value.turn())
                        .map(given -> new Turn(required("turn", given.id()), given.position()));
        return new Job(
                unit,
                required("hash", value.hash()),
                state(value.desired()),
                value.generation(),
                turn,
                Optional.ofNullable(value.previous()));
    }

    private static Machine machine(String id, MachineValue value) {
        return new Machine(
                        id,
                        Objects.requireNonNullElse(value.publicIp(), ""),
                        Objects.requireNonNullElse(value.hostname(), ""),
                        Objects.requireNonNullElse(value.metadata(), Map.of()),
                        new Capacity(value.memoryBytes(), value.milliCpus()),
                        Objects.requireNonNullElse(value.version(), ""))
                .withFence(Objects.requireNonNullElse(value.fenceMillis(), Machine.FENCE_MILLIS));
    }

    /**
     * A word that this version doesn't write, or no word at all, counts as cordoned: it must
     * neither move the units that are there nor bring others.
     */
    private static Eligibility eligibility(String text) {
        try {
            String word = Json.read(text, EligibilityValue.class).eligibility();
            return Eligibility.DRAINING.text().equals(word)
                    ? Eligibility.DRAINING
                    : Eligibility.CORDONED;
        } catch (JsonException e) {
            return Eligibility.CORDONED;
        }
    }

    private static PublishedState published(String machine, String unit, StateValue value) {
        return new PublishedState(
                unit,
                machine,
                required("hash", value.hash()),
                required("load", value.load()),
                required("active", value.active()),
                required("sub", value.sub()),
                value.launched(),
                Objects.requireNonNullElse(value.loadError(), ""),
                health(value.health(), value.words(), value.changes()));
    }

    private static Deed deed(DeedValue value) {
        return new Deed(
                Deed.What.of(required("what", value.what())).orElseThrow(),
                value.atMillis(),
                Objects.requireNonNullElse(value.unit(), ""),
                Objects.requireNonNullElse(value.hash(), ""),
                Objects.requireNonNullElse(value.machine(), ""),
                Objects.requireNonNullElse(value.from(), ""),
                Optional.ofNullable(value.desired()).map(Codec::state),
                value.generation(),
                Objects.requireNonNullElse(value.by(), ""),
                Objects.requireNonNullElse(value.reason(), ""));
    }

    private static JobState state(@Nullable String text) {
        return JobState.of(required("desired", text))
                .orElseThrow(() -> new IllegalArgumentException("no such state: " + text));
    }

    static String required(String name, @Nullable String value) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }
}

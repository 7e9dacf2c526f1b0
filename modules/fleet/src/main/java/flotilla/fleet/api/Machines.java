package flotilla.fleet.api;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Metadata;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Machine;
import flotilla.fleet.registry.Registry;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json;
import flotilla.protocol.RequestOp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code /machines}: who is in the cluster, their metadata, and what they may be used for. */
final class Machines {
    private static final Pattern PATH = Pattern.compile("/([^/]+)/metadata/([A-Za-z0-9_.-]+)");

    /** Characters of one value: every listing of the machines carries them all. */
    private static final int MAX_VALUE = 1024;

    private final Registry registry;
    private final Wishes wishes;
    private final Paging<Entry.OfMachine> paging;

    Machines(Registry registry, Wishes wishes, int limit) {
        this.registry = registry;
        this.wishes = wishes;
        this.paging = new Paging<>(registry, limit, "machines", Entry.OfMachine.class);
    }

    /** One item of a PATCH: {@code value} is a string, or as the original wants it, an object. */
    private record Operation(@Nullable String op, @Nullable String path, @Nullable Object value) {}

    Response list(Request request, Function<Machine, MachineBody> shown) throws ApiException {
        return paging.list(
                request,
                registry.layout().machines(),
                page -> asTheyCount(page).stream().map(shown).toList());
    }

    /** What a machine is told of, with what it is told; inactive is what it is to give up. */
    Response units(String machine) {
        List<UnitBody> units =
                registry
                        .list(registry.layout().placements(machine), Entry.OfPlacement.class)
                        .stream()
                        .map(told -> {
                            String desired = told.assignment().desired().text();
                            return new UnitBody(told.unit(), null, desired, null, machine);
                        })
                        .toList();
        return Response.json(200, new Page<>(units, "").json("units"));
    }

    private record EligibilityBody(@Nullable String eligibility) {}

    /** As they count now, with what was said of them. */
    private List<Machine> asTheyCount(List<Entry.OfMachine> page) {
        List<String> ids = page.stream().map(entry -> entry.machine().id()).toList();
        List<String> prefixes = ids.stream().map(registry.layout()::metadata).toList();
        Map<String, Map<String, Optional<String>>> changes = new HashMap<>();
        registry.list(prefixes, Entry.OfMetadata.class)
                .forEach(item ->
                        changes.computeIfAbsent(item.machineId(), id -> new HashMap<>())
                                .put(item.name(), item.value()));
        Map<Key, Entry> said = registry.getAll(ids.stream().map(Key.OfEligibility::new).toList());
        return page.stream()
                .map(Entry.OfMachine::machine)
                .map(m -> Metadata.overlay(m, changes.getOrDefault(m.id(), Map.of())))
                .map(m -> m.with(eligibility(said.get(new Key.OfEligibility(m.id())))))
                .toList();
    }

    private static Eligibility eligibility(@Nullable Entry said) {
        return said instanceof Entry.OfEligibility known ? known.eligibility() : Eligibility.READY;
    }

    /** Also of a machine that is down, if something was said of it before. */
    Response putEligibility(String machine, Request request) throws ApiException {
        Api.requireJson(request);
        Key key = new Key.OfEligibility(machine);
        Eligibility word = eligibility(request);
        requireKnown(machine);
        RequestOp change =
                word == Eligibility.READY
                        ? registry.delete(key)
                        : registry.put(new Entry.OfEligibility(machine, word));
        registry.history()
                .commit(
                        () -> registry.txn().then(change),
                        List.of(wishes.of(word, machine, request)));
        return Response.empty(204);
    }

    /** Who is no machine of the cluster, nor one that something was said of, never was one. */
    private void requireKnown(String machine) throws ApiException {
        boolean known =
                registry.get(new Key.OfMachine(machine)).isPresent()
                        || registry.get(new Key.OfSighting(machine)).isPresent()
                        || registry.get(new Key.OfEligibility(machine)).isPresent()
                        || !registry.list(registry.layout().metadata(machine)).isEmpty();
        if (!known) {
            throw new ApiException(404, "machine " + machine + " is not in the cluster");
        }
    }

    private static Eligibility eligibility(Request request) throws ApiException {
        String word;
        try {
            word = String.valueOf(Json.read(request.text(), EligibilityBody.class).eligibility());
        } catch (RuntimeException e) {
            throw new ApiException(400, "unable to decode body: " + e.getMessage());
        }
        return Eligibility.of(word)
                .orElseThrow(() ->
                        new ApiException(
                                400,
                                "eligibility \"%s\" is none of ready, cordoned, draining"
                                        .formatted(word)));
    }

    /**
     * All items are checked first, then applied in one transaction. The original takes the id of
     * any machine, also one that never was.
     */
    Response patch(Request request) throws ApiException {
        Api.requireJson(request);
        Operation[] operations;
        try {
            operations = Json.read(request.text(), Operation[].class);
        } catch (RuntimeException e) {
            throw new ApiException(400, "unable to decode body: " + e.getMessage());
        }
        if (operations.length > Registry.MAX_OPERATIONS) {
            throw new ApiException(400, "more than " + Registry.MAX_OPERATIONS + " operations");
        }
        Map<Key, Entry> last = new HashMap<>();
        Set<String> machines = new TreeSet<>();
        for (@Nullable Operation operation : operations) {
            if (operation == null) {
                throw new ApiException(400, "an operation is null");
            }
            Entry.OfMetadata entry = entry(operation);
            last.put(entry.key(), entry);
            machines.add(entry.machineId());
        }
        for (String machine : machines) {
            requireKnown(machine);
        }
        if (!last.isEmpty()) {
            var txn = registry.txn();
            new ArrayList<>(last.values()).forEach(entry -> txn.then(registry.put(entry)));
            txn.commit();
        }
        return Response.empty(204);
    }

    private static Entry.OfMetadata entry(Operation operation) throws ApiException {
        String op = String.valueOf(operation.op());
        if (!op.equals("add") && !op.equals("remove") && !op.equals("replace")) {
            throw new ApiException(
                    400, "invalid op: expect add, remove, or replace, got " + operation.op());
        }
        Matcher path = PATH.matcher(String.valueOf(operation.path()));
        if (!path.matches()) {
            throw new ApiException(
                    400,
                    "malformed path: expect /<machine>/metadata/<key>, got " + operation.path());
        }
        if (op.equals("remove")) {
            return new Entry.OfMetadata(path.group(1), path.group(2), Optional.empty());
        }
        String value =
                switch (operation.value()) {
                    case String text -> text;
                    case Map<?, ?> map when map.get("value") instanceof String text -> text;
                    case null, default -> "";
                };
        if (value.isEmpty()) {
            throw new ApiException(400, "invalid value: add and replace need a non-empty value");
        }
        if (value.length() > MAX_VALUE || value.chars().anyMatch(Character::isISOControl)) {
            throw new ApiException(
                    400,
                    "invalid value: at most %d characters, none of them a control character"
                            .formatted(MAX_VALUE));
        }
        return new Entry.OfMetadata(path.group(1), path.group(2), Optional.of(value));
    }
}

package flotilla.fleet.api;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Defaults;
import flotilla.fleet.registry.Registry;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json.JsonException;
import flotilla.platform.json.JsonObject;

/** What holds in the whole cluster for units that don't say. */
final class ClusterDefaults {
    private final Registry registry;

    ClusterDefaults(Registry registry) {
        this.registry = registry;
    }

    Response get() {
        Defaults defaults =
                registry.get(new Key.OfDefaults(), Entry.OfDefaults.class)
                        .map(Entry.OfDefaults::defaults)
                        .orElse(Defaults.NONE);
        return Response.json(200, DefaultsBody.of(defaults).json());
    }

    Response put(Request request) throws ApiException {
        Api.requireJson(request);
        registry.txn().then(registry.put(new Entry.OfDefaults(read(request)))).commit();
        return Response.empty(204);
    }

    private static Defaults read(Request request) throws ApiException {
        try {
            return Defaults.placing(DefaultsBody.read(JsonObject.read(request.text())).placement());
        } catch (JsonException | IllegalArgumentException e) {
            throw new ApiException(400, String.valueOf(e.getMessage()));
        }
    }
}

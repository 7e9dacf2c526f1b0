package flotilla.fleet.api;

import flotilla.platform.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code /discovery}: what the API can do, as a minimal Google API discovery document. */
final class Discovery {
    private Discovery() {}

    static String document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("kind", "discovery#restDescription");
        document.put("discoveryVersion", "v1");
        document.put("id", "fleet:v1");
        document.put("name", "schema");
        document.put("version", "v1");
        document.put("title", "fleet API");
        document.put("protocol", "rest");
        document.put("basePath", "/fleet/v1/");
        document.put(
                "resources",
                Map.of(
                        "Units",
                        methods(
                                method("Get", "GET", "units/{unitName}"),
                                method("List", "GET", "units"),
                                method("Set", "PUT", "units/{unitName}"),
                                method("Delete", "DELETE", "units/{unitName}")),
                        "UnitState",
                        methods(
                                method("Get", "GET", "state/{unitName}"),
                                method("List", "GET", "state")),
                        "Machines",
                        methods(
                                method("List", "GET", "machines"),
                                method("Patch", "PATCH", "machines"))));
        return Json.write(document);
    }

    private record Method(String id, String httpMethod, String path) {}

    private static Method method(String id, String httpMethod, String path) {
        return new Method(id, httpMethod, path);
    }

    private static Map<String, Object> methods(Method... methods) {
        Map<String, Object> byName = new LinkedHashMap<>();
        for (Method method : methods) {
            byName.put(method.id(), method);
        }
        return Map.of("methods", byName);
    }
}

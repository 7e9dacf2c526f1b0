package flotilla.fleet.gate;

import flotilla.fleet.api.Api;
import flotilla.fleet.api.Route;
import flotilla.fleet.api.Route.Asked;
import flotilla.platform.http.Handler;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.trust.authority.Right;
import java.util.Optional;

/**
 * Stands before the API at one door: knows who asks, lets through whose right covers what the
 * {@link Route} takes, and has written down what was changed. What is no route passes, for it does
 * nothing; but only for who may look.
 */
public final class Gate implements Handler {
    private final Callers callers;
    private final Audit audit;
    private final Handler api;

    public Gate(Callers callers, Audit audit, Handler api) {
        this.callers = callers;
        this.audit = audit;
        this.api = api;
    }

    @Override
    public Response handle(Request request) throws Exception {
        Caller caller;
        try {
            caller = callers.of(request);
        } catch (RefusedException e) {
            return Api.error(e.status(), String.valueOf(e.getMessage()));
        }
        Optional<Asked> asked = Route.of(request.method(), request.path());
        Right needed = asked.map(known -> known.route().right()).orElse(Right.READ);
        if (!caller.right().covers(needed)) {
            audit.tell(caller, request, 403);
            return Api.error(
                    403,
                    "%s may not do that: it takes the role %s, and theirs is %s"
                            .formatted(caller.name(), needed.word(), caller.right().word()));
        }
        Request known = request.client().isEmpty() ? request : request.by(caller.name());
        if (asked.isEmpty() || !asked.get().route().changes()) {
            return api.handle(known);
        }
        boolean answered = false;
        try {
            Response response = api.handle(known);
            audit.tell(caller, request, response.status());
            answered = true;
            return response;
        } finally {
            if (!answered) {
                audit.tell(caller, request, 500);
            }
        }
    }
}

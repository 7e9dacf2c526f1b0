package flotilla.fleet.gate;

import flotilla.fleet.api.Api;
import flotilla.fleet.api.Route;
import flotilla.fleet.api.Route.Asked;
import flotilla.platform.http.Handler;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.trust.authority.Right;
import java.util.Locale;
import java.util.Optional;

/**
 * Stands before the API at one door: knows who asks, lets through whose right covers what the
 * {@link Route} takes, and has written down what was changed. What is no route passes, for it does
 * nothing; but only for who may look. A machine may look at nothing itself; it is answered where it
 * hands on what somebody has asked it, and that is written down too.
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
        Optional<Caller> relaying = relaying(caller, request, asked);
        if (relaying.isPresent()) {
            return written(relaying.get(), request);
        }
        if (!caller.right().covers(needed)) {
            audit.tell(caller, request, 403);
            return Api.error(
                    403,
                    "%s may not do that: it takes the role %s, and theirs is %s"
                            .formatted(caller.name(), needed.word(), caller.right().word()));
        }
        return asked.filter(known -> known.route().changes()).isPresent()
                ? written(caller, request)
                : api.handle(known(caller, request));
    }

    private static Optional<Caller> relaying(
            Caller caller, Request request, Optional<Asked> asked) {
        return asked.filter(known -> known.route().isHandedOn())
                .filter(_ -> caller.right() == Right.MACHINE)
                .flatMap(_ -> request.header(Route.ASKED_BY.toLowerCase(Locale.ROOT)))
                .map(caller::asked);
    }

    private static Request known(Caller caller, Request request) {
        return request.client().isEmpty() ? request : request.by(caller.name());
    }

    /** Answers, and leaves a line that says what came of it. */
    private Response written(Caller caller, Request request) throws Exception {
        boolean answered = false;
        try {
            Response response = api.handle(known(caller, request));
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

package flotilla.fleet.api;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.registry.Part;
import flotilla.fleet.registry.Registry;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Lists what is under a prefix of the store's, page by page in order of keys, and reads no more
 * than the page.
 *
 * @param field what the list is called
 */
record Paging<E extends Entry>(Registry registry, int limit, String field, Class<E> kind) {
    /**
     * @param shown what a client sees of a page
     */
    <B> Response list(Request request, String prefix, Function<List<E>, List<B>> shown)
            throws ApiException {
        PageToken token = PageToken.of(request.parameter("nextPageToken"), limit);
        Optional<String> after =
                token.after().isEmpty()
                        ? registry.after(prefix, token.skipped())
                        : Optional.of(token.after());
        if (after.isEmpty()) {
            return Response.json(200, new Page<B>(List.of(), "").json(field));
        }
        Part<E> part = registry.part(prefix, after.get(), limit, kind);
        String next = part.more() ? token.next(part.last()).text() : "";
        return Response.json(200, new Page<>(shown.apply(part.entries()), next).json(field));
    }
}

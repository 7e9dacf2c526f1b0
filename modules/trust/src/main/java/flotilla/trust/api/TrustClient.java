package flotilla.trust.api;

import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.Reply;
import flotilla.platform.json.Json;
import flotilla.platform.json.Json.JsonException;
import flotilla.platform.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The other end of {@link TrustApi}. Calls block; a refusal is a {@link TrustException} with its
 * words, no answer an {@link IOException}.
 *
 * @param fleet whom to ask; closing it is its owner's matter
 */
public record TrustClient(HttpCaller fleet) {
    private static final String PATH = "/flotilla/v1/trust/";

    public TokenBody makeToken(TokenRequest wanted) throws IOException, TrustException {
        return Json.read(post("tokens", wanted), TokenBody.class);
    }

    public List<TokenBody> tokens() throws IOException, TrustException {
        return list("tokens", TokenBody.class);
    }

    public void revokeToken(String id) throws IOException, TrustException {
        ok(fleet.delete(PATH + "tokens/" + quoted(id)));
    }

    public List<MemberBody> machines() throws IOException, TrustException {
        return list("machines", MemberBody.class);
    }

    public MemberBody putOut(String nameOrId) throws IOException, TrustException {
        return Json.read(
                ok(fleet.delete(PATH + "machines/" + quoted(nameOrId))).text(), MemberBody.class);
    }

    /** Where the store is. */
    public StoreBody store() throws IOException, TrustException {
        return Json.read(ok(fleet.get(PATH + "store")).text(), StoreBody.class);
    }

    /** Makes this machine, by its certificate, a member of the store. */
    public StoreBody joinStore() throws IOException, TrustException {
        return Json.read(post("store", Map.of()), StoreBody.class);
    }

    /** Gives this machine's member its vote, if it may have it. */
    public VoteBody vote() throws IOException, TrustException {
        return Json.read(post("store/vote", Map.of()), VoteBody.class);
    }

    /** The authority, for this machine, by its certificate, if it may sign too. */
    public AuthorityBody authority() throws IOException, TrustException {
        return Json.read(post("authority", Map.of()), AuthorityBody.class);
    }

    public OperatorBody makeOperator(OperatorRequest wanted) throws IOException, TrustException {
        return Json.read(post("operators", wanted), OperatorBody.class);
    }

    private String post(String path, Object body) throws IOException, TrustException {
        return ok(fleet.postJson(PATH + path, Json.write(body))).text();
    }

    private <T> List<T> list(String what, Class<T> type) throws IOException, TrustException {
        JsonObject answer = JsonObject.read(ok(fleet.get(PATH + what)).text());
        return Objects.requireNonNullElse(answer.objects(what), List.<JsonObject>of()).stream()
                .map(one -> Json.read(one.json(), type))
                .toList();
    }

    private static Reply ok(Reply reply) throws TrustException {
        if (reply.ok()) {
            return reply;
        }
        throw new TrustException(reply.status(), words(reply));
    }

    /** fleet's errors are objects, the desk's are texts. */
    private static String words(Reply reply) {
        try {
            Object error = Json.readObject(reply.text()).get("error");
            return switch (error) {
                case Map<?, ?> map -> String.valueOf(map.get("message"));
                case null -> "HTTP " + reply.status();
                default -> String.valueOf(error);
            };
        } catch (JsonException e) {
            return Optional.of(reply.text().strip())
                    .filter(text -> !text.isEmpty())
                    .orElse("HTTP " + reply.status());
        }
    }

    private static String quoted(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}

package flotilla.fleet.api;

import flotilla.fleet.schedule.Score;
import flotilla.platform.json.JsonObject;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a machine ranks in one respect.
 *
 * @param ranking such as {@code instances}
 * @param cost the lower the better; only to be compared with that of another machine
 * @param text the same for people
 */
public record ScoreBody(String ranking, long cost, String text) {
    static List<ScoreBody> of(Collection<Score> scores) {
        return scores.stream()
                .map(score -> new ScoreBody(score.ranking(), score.cost(), score.words()))
                .toList();
    }

    static List<ScoreBody> all(@Nullable List<JsonObject> objects) {
        return objects == null
                ? List.of()
                : objects.stream()
                        .map(json ->
                                new ScoreBody(
                                        json.requiredText("ranking"),
                                        json.number("cost"),
                                        json.requiredText("text")))
                        .toList();
    }
}

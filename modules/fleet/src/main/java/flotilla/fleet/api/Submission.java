package flotilla.fleet.api;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.job.OwnUnits;
import flotilla.fleet.schedule.Review;
import flotilla.units.Problem;
import flotilla.units.UnitFile;
import flotilla.units.UnitName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A unit file that somebody wants in the cluster: checked before it is stored. */
final class Submission {
    /**
     * Bytes of one unit file; more is answered 413. Far below what the store takes in one value.
     */
    private static final int MAX_BYTES = 256 << 10;

    private Submission() {}

    static Entry.OfText text(UnitName name, List<UnitOption> options) throws ApiException {
        Optional<String> own = OwnUnits.refusal(name.full());
        if (own.isPresent()) {
            throw new ApiException(400, own.get());
        }
        UnitFile file = file(options);
        String text = file.fleetText();
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new ApiException(413, "unit file is larger than " + MAX_BYTES + " bytes");
        }
        UnitFile stored = UnitFile.parse(text);
        requireReadAsWritten(file, stored);
        List<Problem> problems = Review.of(stored, name).problems();
        if (!problems.isEmpty()) {
            throw new ApiException(400, problems.getFirst().message());
        }
        return new Entry.OfText(stored.hash(), text);
    }

    private static UnitFile file(List<UnitOption> options) throws ApiException {
        try {
            return UnitOption.file(options);
        } catch (IllegalArgumentException e) {
            throw new ApiException(400, "invalid options: " + e.getMessage());
        }
    }

    /**
     * Others read the text, not the options: a value with a line break in it would come back as two
     * directives, of which nobody has checked the second.
     */
    private static void requireReadAsWritten(UnitFile file, UnitFile stored) throws ApiException {
        List<UnitOption> given = UnitOption.bySection(file);
        List<UnitOption> read = UnitOption.of(stored);
        for (int i = 0; i < given.size(); i++) {
            if (i >= read.size() || !given.get(i).equals(read.get(i))) {
                throw new ApiException(
                        400,
                        "invalid options: [%s] %s=%s is not read as written"
                                .formatted(
                                        shown(given.get(i).section()),
                                        shown(given.get(i).name()),
                                        shown(given.get(i).value())));
            }
        }
        if (read.size() != given.size() || !encodes(stored.text())) {
            throw new ApiException(400, "invalid options: they are not read as written");
        }
    }

    /** Half a surrogate pair is no character, and would come back from the store as another. */
    private static boolean encodes(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private static String shown(@Nullable String text) {
        return String.valueOf(text).replaceAll("\\p{Cntrl}", "?");
    }
}

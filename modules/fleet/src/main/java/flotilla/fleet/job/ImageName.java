package flotilla.fleet.job;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an image is called, as container engines spell it (the distribution project's reference
 * grammar): {@code [HOST[:PORT]/]PATH[:TAG]}; without a tag it is {@code latest}. A name by digest
 * is none: nobody can give a digest to something else.
 *
 * @param full with its tag
 */
public record ImageName(String full) {
    /** As long as engines take, with room for a tag. */
    private static final int CHARACTERS_MAX = 255;

    private static final String PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern NAME =
            Pattern.compile(
                    "(?:[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]{1,5})?/)?"
                            + PART
                            + "(?:/"
                            + PART
                            + ")*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?");

    public ImageName {
        if (of(full).filter(name -> name.equals(full)).isEmpty()) {
            throw new IllegalArgumentException("\"" + full + "\" is no name of an image");
        }
    }

    /** Empty for what is no name. */
    public static Optional<ImageName> read(String text) {
        return of(text).map(ImageName::new);
    }

    private static Optional<String> of(String text) {
        if (text.length() > CHARACTERS_MAX || !NAME.matcher(text).matches()) {
            return Optional.empty();
        }
        boolean tagged = text.lastIndexOf(':') > text.lastIndexOf('/');
        return Optional.of(tagged ? text : text + ":latest");
    }

    @Override
    public String toString() {
        return full;
    }
}

package flotilla.cloudconfig.document;

import flotilla.cloudconfig.document.CloudConfig.WrittenFile;
import flotilla.cloudconfig.document.Field.Fields;
import flotilla.cloudconfig.document.Field.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * write_files: where to, what, and whose. A file of which a part is wrong is not written at all.
 */
final class WrittenFiles {
    private static final int PERMISSIONS_DEFAULT = 0644;

    /** A path that Linux takes: PATH_MAX without the NUL at its end. */
    private static final int PATH_CHARS_MAX = 4095;

    /** USER, USER:GROUP, :GROUP, USER: and chown's old USER.GROUP; or numbers. */
    private static final Pattern OWNER =
            Pattern.compile("[^\\s:/\\p{Cntrl}]*(:[^\\s:/\\p{Cntrl}]*)?");

    private static final Pattern PLAIN_NUMBER = Pattern.compile("[1-9][0-9]{1,4}");

    /**
     * Modes that people give. 420 is octal too, and no mistake that a check could be sure of: but
     * it is 0644 in decimal, as other tools take it.
     */
    private static final Set<Integer> COMMON =
            Set.of(
                    0400, 0440, 0444, 0500, 0550, 0555, 0600, 0640, 0644, 0660, 0664, 0666, 0700,
                    0750, 0755, 0770, 0775, 0777);

    private final Problems problems;

    /** What all files together may still have. */
    private int bytesLeft = Encoding.BYTES_MAX;

    WrittenFiles(Problems problems) {
        this.problems = problems;
    }

    List<WrittenFile> read(List<Field> items) {
        List<WrittenFile> files = new ArrayList<>();
        for (Field item : items) {
            if (item instanceof Fields fields) {
                file(fields).ifPresent(files::add);
            }
        }
        return files;
    }

    private Optional<WrittenFile> file(Fields fields) {
        Optional<String> path = path(fields);
        Optional<String> owner = owner(fields);
        int permissions = permissions(fields);
        Optional<byte[]> content = content(fields);
        return path.isEmpty() || content.isEmpty() || owner.isEmpty() || fields.hasBad()
                ? Optional.empty()
                : Optional.of(
                        new WrittenFile(
                                path.get(), content.get(), permissions, Values.given(owner.get())));
    }

    private Optional<String> path(Fields fields) {
        String given = fields.text("path");
        if (fields.byKey().get("path") instanceof Field.Bad) {
            return Optional.empty();
        }
        if (!given.startsWith("/") || UnixPath.clean(given).equals("/")) {
            problems.error(
                    fields.place(),
                    given.isEmpty()
                            ? "a file needs a path"
                            : "the path \"%s\" must begin with / and name a file".formatted(given));
            return Optional.empty();
        }
        Place place = fields.placeOf("path");
        if (Values.hasControl(given) || given.length() > PATH_CHARS_MAX) {
            problems.error(
                    place,
                    "no file can have this path: it %s"
                            .formatted(
                                    Values.hasControl(given)
                                            ? "has a control character"
                                            : "is longer than " + PATH_CHARS_MAX + " characters"));
            return Optional.empty();
        }
        if (List.of(given.split("/")).contains("..")) {
            problems.error(place, "the path \"%s\" must not have ..".formatted(given));
            return Optional.empty();
        }
        String path = UnixPath.clean(given);
        if (path.startsWith("/usr/")) {
            problems.error(place, "file cannot be written to a read-only filesystem");
            return Optional.empty();
        }
        return Optional.of(path);
    }

    /** Empty when it can't be read; the empty text when none is given. */
    private Optional<String> owner(Fields fields) {
        String owner = fields.text("owner");
        if (OWNER.matcher(owner).matches()) {
            return Optional.of(owner);
        }
        problems.error(
                fields.placeOf("owner"),
                "\"%s\" is no owner: give USER, USER:GROUP or :GROUP".formatted(owner));
        return Optional.empty();
    }

    private int permissions(Fields fields) {
        String permissions = fields.text("permissions");
        if (permissions.isEmpty()) {
            return PERMISSIONS_DEFAULT;
        }
        int mode = Integer.parseInt(permissions, 8);
        if (PLAIN_NUMBER.matcher(permissions).matches() && !COMMON.contains(mode)) {
            int decimal = Integer.parseInt(permissions);
            if (COMMON.contains(decimal)) {
                problems.warning(
                        fields.placeOf("permissions"),
                        "permissions are octal, so %s is %04o: if %04o was meant, which is %s in decimal, write 0%o"
                                .formatted(permissions, mode, decimal, permissions, decimal));
            }
        }
        return mode;
    }

    private Optional<byte[]> content(Fields fields) {
        String encoding = fields.text("encoding").toLowerCase(Locale.ROOT);
        if (fields.hasBad()) {
            return Optional.empty();
        }
        Encoding.Unpacked unpacked = Encoding.unpack(encoding, fields.bytes("content"), bytesLeft);
        unpacked.bytes()
                .ifPresentOrElse(
                        bytes -> bytesLeft -= bytes.length,
                        () ->
                                problems.error(
                                        fields.placeOf("content"),
                                        unpacked.tooLarge()
                                                ? "the files of this document have more than %d bytes together"
                                                        .formatted(Encoding.BYTES_MAX)
                                                : "content cannot be decoded as \"%s\""
                                                        .formatted(encoding)));
        return unpacked.bytes();
    }
}

package flotilla.fleet.image;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The files of a tar (POSIX.1-2001 pax, its ustar, and GNU's long names), where they lie in it: no
 * byte of them is read. A link to a file of the archive's is that file: so Docker writes a layer
 * that is there twice. What could reach out of the archive, or stand for more than it has, is
 * refused: absolute names, {@code ..}, links to anything else, devices, sparse files, sizes beyond
 * the end.
 */
final class Tar {
    static final int BLOCK_BYTES = 512;

    /** Of an archive: an image of 127 layers has some 400. */
    static final int ENTRIES_MAX = 10_000;

    /** From a link to a link; a circle has more. */
    private static final int HOPS_MAX = 8;

    private static final char HARD_LINK = '1';
    private static final char SYMBOLIC_LINK = '2';

    /** Of a pax header, or of a long name, in bytes. */
    private static final int EXTENSION_BYTES_MAX = 64 * 1024;

    private final FileChannel file;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final Map<String, String> links = new LinkedHashMap<>();
    private String longName = "";
    private String longLink = "";
    private String paxPath = "";
    private String paxLink = "";
    private long paxSize = -1;

    /** Where the bytes of a file are. */
    record Place(long offset, long bytes) {}

    private Tar(FileChannel file) {
        this.file = file;
    }

    /** By their names, in order; of two of one name the later counts, as for tar(1). */
    static Map<String, Place> files(FileChannel file) throws IOException, BadArchiveException {
        Tar tar = new Tar(file);
        tar.run();
        tar.follow();
        return tar.places;
    }

    private void run() throws IOException, BadArchiveException {
        long at = 0;
        int entries = 0;
        while (at + BLOCK_BYTES <= file.size()) {
            byte[] header = read(at, BLOCK_BYTES);
            if (isZero(header)) {
                return;
            }
            if (++entries > ENTRIES_MAX) {
                throw new BadArchiveException("it has more than " + ENTRIES_MAX + " entries");
            }
            requireChecksum(header, at);
            char type = (char) (header[156] & 0xff);
            long bytes = paxSize >= 0 && isFile(type) ? paxSize : number(header, 124, 12);
            long from = at + BLOCK_BYTES;
            if (bytes > file.size() - from) {
                throw new BadArchiveException(
                        "it is cut off, or lies: an entry at byte %d is said to have %d bytes, %d are left"
                                .formatted(at, bytes, file.size() - from));
            }
            entry(type, header, new Place(from, bytes));
            at = from + (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
        }
        if (entries == 0) {
            throw new BadArchiveException("it is no tar");
        }
    }

    private static boolean isFile(char type) {
        return type == '0' || type == 0 || type == '7';
    }

    private void entry(char type, byte[] header, Place place)
            throws IOException, BadArchiveException {
        switch (type) {
            case 'x', 'g' -> pax(extension(place));
            case 'L' -> longName = text(extension(place), 0, Math.toIntExact(place.bytes()));
            case 'K' -> longLink = text(extension(place), 0, Math.toIntExact(place.bytes()));
            default -> {
                String name = name(header);
                requireInside(name);
                String plain = name.replaceFirst("^(\\./)+", "");
                if (isFile(type)) {
                    links.remove(plain);
                    places.put(plain, place);
                } else if (type == HARD_LINK || type == SYMBOLIC_LINK) {
                    places.remove(plain);
                    links.put(plain, target(plain, type, header));
                } else if (type != '5') {
                    throw new BadArchiveException(
                            "%s is %s: only files, directories and links to those files are taken"
                                    .formatted(name, kind(type)));
                }
                longName = "";
                longLink = "";
                paxPath = "";
                paxLink = "";
                paxSize = -1;
            }
        }
    }

    private static String kind(char type) {
        return switch (type) {
            case '3', '4', '6' -> "a device or a pipe";
            case 'S' -> "a sparse file";
            default -> "of type \"" + type + "\"";
        };
    }

    /**
     * What a link stands for: a symbolic one tells it from its own directory, seen from the root.
     */
    private String target(String name, char type, byte[] header) throws BadArchiveException {
        String said = paxLink.isEmpty() ? longLink : paxLink;
        said = said.isEmpty() ? text(header, 157, 100) : said;
        int slash = type == SYMBOLIC_LINK ? name.lastIndexOf('/') + 1 : 0;
        Deque<String> parts = new ArrayDeque<>();
        boolean inside = !said.startsWith("/");
        for (String part : (name.substring(0, slash) + said).split("/", -1)) {
            if (part.equals("..")) {
                inside &= parts.pollLast() != null;
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        if (!inside) {
            throw new BadArchiveException(
                    "%s is a link to %s, out of the archive".formatted(name, said));
        }
        return String.join("/", parts);
    }

    /** Docker writes a link before what it stands for, too: they are followed in the end. */
    private void follow() throws BadArchiveException {
        for (Map.Entry<String, String> link : links.entrySet()) {
            String target = link.getValue();
            for (int hops = 0; hops < HOPS_MAX && links.containsKey(target); hops++) {
                target = links.get(target);
            }
            Place place = places.get(target);
            if (place == null) {
                throw new BadArchiveException(
                        "%s is a link to %s, which is no file in it"
                                .formatted(link.getKey(), link.getValue()));
            }
            places.put(link.getKey(), place);
        }
    }

    private static void requireInside(String name) throws BadArchiveException {
        boolean up = Arrays.asList(name.split("/", -1)).contains("..");
        if (name.isEmpty() || name.startsWith("/") || up || name.indexOf('\\') >= 0) {
            throw new BadArchiveException(
                    "\"" + name + "\" leads out of the archive: absolute names and .. are refused");
        }
    }

    private String name(byte[] header) {
        if (!paxPath.isEmpty()) {
            return paxPath;
        }
        if (!longName.isEmpty()) {
            return longName;
        }
        boolean ustar = text(header, 257, 6).equals("ustar");
        String prefix = ustar ? text(header, 345, 155) : "";
        String name = text(header, 0, 100);
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    /** {@code LENGTH KEY=VALUE\n}, again and again. */
    private void pax(byte[] records) throws BadArchiveException {
        int at = 0;
        while (at < records.length) {
            int space = at;
            while (space < records.length && records[space] != ' ') {
                space++;
            }
            int length = Math.toIntExact(decimal(text(records, at, space - at), 10));
            int end = at + length;
            if (length <= space - at + 1 || end > records.length) {
                throw new BadArchiveException("a pax header of it can't be read");
            }
            String record = new String(records, space + 1, end - space - 2, StandardCharsets.UTF_8);
            int equals = record.indexOf('=');
            String key = equals < 0 ? record : record.substring(0, equals);
            String value = equals < 0 ? "" : record.substring(equals + 1);
            switch (key) {
                case "path" -> paxPath = value;
                case "linkpath" -> paxLink = value;
                case "size" -> paxSize = decimal(value, 10);
                default -> {
                    if (key.startsWith("GNU.sparse")) {
                        throw new BadArchiveException("a sparse file is in it");
                    }
                }
            }
            at = end;
        }
    }

    private byte[] extension(Place place) throws IOException, BadArchiveException {
        if (place.bytes() > EXTENSION_BYTES_MAX) {
            throw new BadArchiveException(
                    "a header of it has %d bytes, at most %d are taken"
                            .formatted(place.bytes(), EXTENSION_BYTES_MAX));
        }
        return read(place.offset(), Math.toIntExact(place.bytes()));
    }

    private byte[] read(long at, int bytes) throws IOException {
        return read(file, new Place(at, bytes));
    }

    /** All of a place that is known to be small. */
    static byte[] read(FileChannel file, Place place) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(place.bytes()));
        while (buffer.hasRemaining()) {
            if (file.read(buffer, place.offset() + buffer.position()) < 0) {
                throw new EOFException("the archive became shorter as it was read");
            }
        }
        return buffer.array();
    }

    private static boolean isZero(byte[] block) {
        for (byte each : block) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    private static void requireChecksum(byte[] header, long at) throws BadArchiveException {
        long sum = 0;
        for (int i = 0; i < BLOCK_BYTES; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        if (sum != number(header, 148, 8)) {
            throw new BadArchiveException(
                    at == 0
                            ? "it is no tar (a compressed one is to be unpacked first)"
                            : "it is damaged: the header at byte %d has another checksum"
                                    .formatted(at));
        }
    }

    /** Octal, or what GNU writes of large ones: a set bit, then the number itself. */
    private static long number(byte[] header, int from, int length) throws BadArchiveException {
        if ((header[from] & 0x80) != 0) {
            long value = header[from] & 0x7f;
            for (int i = from + 1; i < from + length; i++) {
                if (value >> 54 != 0) {
                    throw new BadArchiveException("a size in it is beyond every disk");
                }
                value = (value << 8) | (header[i] & 0xff);
            }
            return value;
        }
        String digits = text(header, from, length).strip();
        return digits.isEmpty() ? 0 : decimal(digits, 8);
    }

    private static long decimal(String digits, int radix) throws BadArchiveException {
        return Optional.of(digits)
                .filter(text -> text.length() < 20 && text.matches("[0-9]+"))
                .map(text -> parse(text, radix))
                .filter(number -> number >= 0)
                .orElseThrow(() -> new BadArchiveException("a number in it can't be read"));
    }

    private static long parse(String digits, int radix) {
        try {
            return Long.parseLong(digits, radix);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }
}

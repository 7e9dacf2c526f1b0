package flotilla.trust.token;

import java.util.Optional;

/**
 * Bytes as lower-case letters and digits (RFC 4648, 6, without padding): a double click takes it.
 */
final class Base32 {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int BITS = 5;

    private Base32() {}

    static String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int buffer = 0;
        int bits = 0;
        for (byte one : bytes) {
            buffer = ((buffer << Byte.SIZE) | (one & 0xff)) & 0xfff;
            bits += Byte.SIZE;
            while (bits >= BITS) {
                bits -= BITS;
                text.append(ALPHABET.charAt((buffer >> bits) & 31));
            }
        }
        if (bits > 0) {
            text.append(ALPHABET.charAt((buffer << (BITS - bits)) & 31));
        }
        return text.toString();
    }

    /** Empty unless it is exactly what {@link #encode} makes of so many bytes. */
    static Optional<byte[]> decode(String text, int length) {
        byte[] bytes = new byte[length];
        int buffer = 0;
        int bits = 0;
        int filled = 0;
        for (int i = 0; i < text.length(); i++) {
            int value = ALPHABET.indexOf(text.charAt(i));
            if (value < 0) {
                return Optional.empty();
            }
            buffer = ((buffer << BITS) | value) & 0xfff;
            bits += BITS;
            if (bits >= Byte.SIZE) {
                bits -= Byte.SIZE;
                if (filled == length) {
                    return Optional.empty();
                }
                bytes[filled++] = (byte) (buffer >> bits);
            }
        }
        return filled == length && encode(bytes).equals(text)
                ? Optional.of(bytes)
                : Optional.empty();
    }
}

package flotilla.units;

import java.util.Comparator;

/** Names as people count them: 2 before 10. Numbers come before other names. */
public enum NaturalOrder implements Comparator<String> {
    INSTANCE;

    @Override
    public int compare(String one, String other) {
        int a = 0;
        int b = 0;
        while (a < one.length() && b < other.length()) {
            int endA = end(one, a);
            int endB = end(other, b);
            int order = parts(one.substring(a, endA), other.substring(b, endB));
            if (order != 0) {
                return order;
            }
            a = endA;
            b = endB;
        }
        int rest = Integer.compare(one.length() - a, other.length() - b);
        return rest != 0 ? rest : one.compareTo(other);
    }

    private static int end(String name, int begin) {
        int end = begin + 1;
        while (end < name.length() && isDigit(name.charAt(end)) == isDigit(name.charAt(begin))) {
            end++;
        }
        return end;
    }

    /** Either all digits or none; numbers of any length. */
    private static int parts(String one, String other) {
        if (!isDigit(one.charAt(0)) || !isDigit(other.charAt(0))) {
            return one.compareTo(other);
        }
        String a = one.replaceFirst("^0+(?=.)", "");
        String b = other.replaceFirst("^0+(?=.)", "");
        return a.length() != b.length() ? Integer.compare(a.length(), b.length()) : a.compareTo(b);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}

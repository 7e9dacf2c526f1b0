package flotilla.cloudconfig.document;

import java.util.Map;

/** What a node of the document must look like. */
sealed interface Shape {
    /** The type's name in coreos-cloudinit's messages: Go's. */
    String want();

    /** What {@link #want} means to a person. */
    String words();

    /** A single value. */
    enum Scalar implements Shape {
        TEXT("string", "a text"),
        /** A text that may be any bytes: {@code !!binary}. */
        CONTENT("string", "a text"),
        WHOLE("int", "a whole number"),
        REAL("float64", "a number"),
        FLAG("bool", "true or false"),
        /**
         * A flag of a service. It takes what YAML calls a flag, as the original's files of 2018
         * did, and what etcd and fleet themselves took, as those of 2014 did.
         */
        SWITCH("bool", "true or false");

        private final String want;
        private final String words;

        Scalar(String want, String words) {
            this.want = want;
            this.words = words;
        }

        @Override
        public String want() {
            return want;
        }

        @Override
        public String words() {
            return words;
        }
    }

    /** A text of which only some are allowed. */
    record Checked(Allowed allowed) implements Shape {
        @Override
        public String want() {
            return Scalar.TEXT.want();
        }

        @Override
        public String words() {
            return Scalar.TEXT.words();
        }
    }

    /**
     * A mapping with known keys.
     *
     * @param deprecated of those keys, with the original's reason
     * @param open whether keys that are not known are kept all the same, as texts
     */
    record Struct(Map<String, Shape> keys, Map<String, String> deprecated, boolean open)
            implements Shape {
        @Override
        public String want() {
            return "struct";
        }

        @Override
        public String words() {
            return "a mapping (key: value lines, indented)";
        }
    }

    /** A sequence. */
    record Sequence(Shape element) implements Shape {
        @Override
        public String want() {
            return "[]" + element.want();
        }

        @Override
        public String words() {
            return "a list (lines that begin with \"- \")";
        }
    }
}

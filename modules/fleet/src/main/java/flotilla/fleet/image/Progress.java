package flotilla.fleet.image;

/** Hears how far something is that takes long; on the thread that does it. */
@FunctionalInterface
public interface Progress {
    /**
     * @param words such as {@code image app:1 is not here yet: 12 of 40 MB from core-02}
     */
    void at(String words);
}

package flotilla.fleet.schedule;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Goes through machines at which something has changed: who of their units may stay there. A unit
 * that may not be where it was to come to is taken to be where it still is, and is asked there; the
 * others are asked again as if it had never been among them.
 */
final class RollCall {
    private final Board board;

    /** Where to ask next. */
    private final Set<Seat> open = new LinkedHashSet<>();

    /** Who was asked where. */
    private final Map<Seat, Set<Line>> asked = new LinkedHashMap<>();

    private final Set<Line> sentHome = new HashSet<>();

    RollCall(Board board) {
        this.board = board;
    }

    /** Gives back all machines that it went through. */
    Collection<Seat> at(Collection<Seat> seats) {
        open.addAll(seats);
        while (!open.isEmpty()) {
            List<Seat> now = List.copyOf(open);
            open.clear();
            now.forEach(this::clear);
            now.forEach(this::ask);
        }
        return Collections.unmodifiableSet(asked.keySet());
    }

    /** Who is there, and who waits and may still be. */
    private void clear(Seat seat) {
        Set<Line> here = asked.computeIfAbsent(seat, _ -> new LinkedHashSet<>());
        here.removeAll(sentHome);
        here.removeIf(line -> line.seat == null && !board.waiting().remove(line));
        for (Line line : seat.clear()) {
            if (!line.shape.global()) {
                line.seat = null;
                here.add(line);
            }
        }
        for (Line line : board.toldTo(seat.id())) {
            if (board.waiting().remove(line)) {
                board.touch(line);
                here.add(line);
            }
        }
    }

    /** Asks each, in order, whether it may be there. */
    private void ask(Seat seat) {
        board.roster().globals().forEach(line -> spread(line, seat));
        Set<Line> here = asked.getOrDefault(seat, Set.of());
        // Whoever replaces is there before those that have to give way to it.
        List<Line> inOrder =
                here.stream()
                        .sorted(
                                Comparator.comparing((Line line) -> line.shape.replaces == null)
                                        .thenComparing(line -> line.name))
                        .toList();
        Companions.toStay(board.roster(), here::contains)
                .first(inOrder)
                .forEach(line -> keep(line, seat));
    }

    private void spread(Line line, Seat seat) {
        boolean was = line.everywhere.remove(seat.id()) != null;
        boolean told = line.told.contains(seat.id());
        boolean mayStay = told && (!seat.isDraining() || board.staying().containsKey(line.name));
        boolean is = Check.allHold(mayStay ? Check.CONDITIONS : Check.GLOBAL, seat, line.shape);
        if (is) {
            line.everywhere.put(seat.id(), seat);
            seat.add(line);
        }
        if (was != is) {
            board.touch(line);
        }
    }

    private void keep(Line line, Seat seat) {
        boolean drained = seat.isDraining();
        String stays = board.staying().get(line.name);
        Check broken = Check.broken(Check.STAY, seat, line.shape);
        if (broken != null || (drained && stays == null)) {
            boolean leaves = drained && stays == null;
            board.await(
                    line,
                    leaves || broken == null ? Board.DRAINED : broken.words(seat, line.shape));
            Seat home = board.home(line);
            if (home != null && home != seat) {
                sentHome.add(line);
                open.add(home);
                open.add(seat);
            }
        } else {
            if (drained) {
                line.stays(Board.DRAINED + ", but " + stays);
            } else if (line.choice == null) {
                line.stays("");
            }
            line.seat = seat;
            seat.add(line);
        }
    }
}

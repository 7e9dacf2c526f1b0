package flotilla.fleet.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Goes through a machine at which something has changed: who of its units may stay there. */
final class RollCall {
    private final Board board;

    RollCall(Board board) {
        this.board = board;
    }

    /** Asks each unit of a machine, in order, whether it may be there. */
    void at(Seat seat) {
        List<Line> were = seat.clear();
        board.roster().globals().forEach(line -> spread(line, seat));
        List<Line> single = new ArrayList<>();
        for (Line line : were) {
            if (!line.shape.global()) {
                line.seat = null;
                single.add(line);
            }
        }
        for (Line line : board.toldTo(seat.id())) {
            if (board.waiting().remove(line)) {
                board.touch(line);
                single.add(line);
            }
        }
        // Whoever replaces is there before those that have to give way to it.
        single.sort(
                Comparator.comparing((Line line) -> line.shape.replaces == null)
                        .thenComparing(line -> line.name));
        Set<Line> here = new HashSet<>(single);
        new Companions(board.roster(), here::contains)
                .first(single)
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
            if (board.home(line) != seat) {
                board.askAtHome(line);
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

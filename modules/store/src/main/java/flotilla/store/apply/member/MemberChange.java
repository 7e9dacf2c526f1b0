package flotilla.store.apply.member;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import flotilla.protocol.Member;
import flotilla.protocol.Raftpb;
import flotilla.raft.log.Entry.Kind;
import flotilla.raft.members.ConfChange;
import flotilla.raft.members.ConfChange.Step;
import flotilla.raft.members.ConfChange.StepKind;
import flotilla.raft.members.ConfChange.Transition;
import flotilla.store.apply.refusal.UnreadableEntry;
import flotilla.store.command.ChangeContext;
import java.util.ArrayList;
import java.util.List;

/**
 * A change of members as one entry of the log: etcd's raftpb.ConfChange if it is one step, its
 * ConfChangeV2 otherwise, each with a context of ours. Equal changes have equal bytes.
 *
 * @param transition whether it passes through a joint configuration
 * @param wishes in order; none to leave the joint configuration
 */
public record MemberChange(Transition transition, List<Wish> wishes, Source source) {
    /**
     * Where it came from.
     *
     * @param origin who proposed it; 0 for the core itself
     * @param number the proposer's own, by which it knows its change again
     * @param learnersMax how many learners there may be with it; 0 for no limit
     */
    public record Source(long origin, long number, int learnersMax) {
        public static final Source NOBODY = new Source(0, 0, 0);
    }

    public MemberChange {
        wishes = List.copyOf(wishes);
    }

    /** A change of one member, as all of etcd's calls are. */
    public static MemberChange of(Wish wish, Source source) {
        return new MemberChange(Transition.AUTO, List.of(wish), source);
    }

    /** What the consensus core is told. */
    public ConfChange change() {
        return new ConfChange(transition, wishes.stream().map(Wish::step).toList());
    }

    /** How {@link #bytes} are to be read. */
    public Kind kind() {
        return transition == Transition.AUTO && wishes.size() == 1
                ? Kind.CONF_CHANGE
                : Kind.CONF_CHANGE_V2;
    }

    /** The entry's data. */
    public byte[] bytes() {
        if (change().leavesJoint()) {
            return new byte[0];
        }
        return kind() == Kind.CONF_CHANGE ? single() : several();
    }

    private byte[] single() {
        Step step = wishes.getFirst().step();
        return Raftpb.ConfChange.newBuilder()
                .setId(source.number())
                .setType(type(step.kind()))
                .setNodeId(step.member())
                .setContext(context())
                .build()
                .toByteArray();
    }

    private byte[] several() {
        Raftpb.ConfChangeV2.Builder change =
                Raftpb.ConfChangeV2.newBuilder()
                        .setTransition(
                                switch (transition) {
                                    case AUTO ->
                                            Raftpb.ConfChangeTransition.ConfChangeTransitionAuto;
                                    case JOINT_IMPLICIT ->
                                            Raftpb.ConfChangeTransition
                                                    .ConfChangeTransitionJointImplicit;
                                    case JOINT_EXPLICIT ->
                                            Raftpb.ConfChangeTransition
                                                    .ConfChangeTransitionJointExplicit;
                                })
                        .setContext(context());
        for (Wish wish : wishes) {
            change.addChanges(
                    Raftpb.ConfChangeSingle.newBuilder()
                            .setType(type(wish.step().kind()))
                            .setNodeId(wish.id()));
        }
        return change.build().toByteArray();
    }

    private static Raftpb.ConfChangeType type(StepKind kind) {
        return switch (kind) {
            case ADD_VOTER -> Raftpb.ConfChangeType.ConfChangeAddNode;
            case REMOVE -> Raftpb.ConfChangeType.ConfChangeRemoveNode;
            case UPDATE -> Raftpb.ConfChangeType.ConfChangeUpdateNode;
            case ADD_LEARNER -> Raftpb.ConfChangeType.ConfChangeAddLearnerNode;
        };
    }

    private ByteString context() {
        ChangeContext.Builder context =
                ChangeContext.newBuilder()
                        .setOrigin(source.origin())
                        .setNumber(source.number())
                        .setLearnersMax(source.learnersMax());
        wishes.forEach(wish -> context.addSteps(detail(wish)));
        return context.build().toByteString();
    }

    private static ChangeContext.Step detail(Wish wish) {
        ChangeContext.Step.Builder step = ChangeContext.Step.newBuilder();
        return switch (wish) {
            case Wish.AddVoter(Member member) -> step.setMember(member).build();
            case Wish.AddLearner(Member member) -> step.setMember(member).build();
            case Wish.Remove _ -> step.build();
            case Wish.Update(long id, List<String> peerUrls) ->
                    step.setMember(Member.newBuilder().setID(id).addAllPeerURLs(peerUrls)).build();
            case Wish.Promote _ -> step.setPromote(true).build();
            case Wish.Demote _ -> step.setDemote(true).build();
        };
    }

    /**
     * Reads an entry's data.
     *
     * @throws UnreadableEntry when a newer version wrote it, or nobody did
     */
    public static MemberChange parse(Kind kind, byte[] data) throws UnreadableEntry {
        try {
            return switch (kind) {
                case CONF_CHANGE -> parse(Raftpb.ConfChange.parseFrom(data));
                case CONF_CHANGE_V2 -> parse(Raftpb.ConfChangeV2.parseFrom(data));
                case NORMAL -> throw new UnreadableEntry("it changes no members");
            };
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableEntry("its change of members is cut short or garbled", e);
        }
    }

    private static MemberChange parse(Raftpb.ConfChange change)
            throws InvalidProtocolBufferException, UnreadableEntry {
        requireKnown(change);
        ChangeContext context = ChangeContext.parseFrom(change.getContext());
        Step step = new Step(kind(change.getType()), change.getNodeId());
        return of(List.of(step), Transition.AUTO, context);
    }

    private static MemberChange parse(Raftpb.ConfChangeV2 change)
            throws InvalidProtocolBufferException, UnreadableEntry {
        requireKnown(change);
        List<Step> steps = new ArrayList<>();
        for (Raftpb.ConfChangeSingle single : change.getChangesList()) {
            requireKnown(single);
            steps.add(new Step(kind(single.getType()), single.getNodeId()));
        }
        Transition transition =
                switch (change.getTransition()) {
                    case ConfChangeTransitionAuto -> Transition.AUTO;
                    case ConfChangeTransitionJointImplicit -> Transition.JOINT_IMPLICIT;
                    case ConfChangeTransitionJointExplicit -> Transition.JOINT_EXPLICIT;
                };
        return of(steps, transition, ChangeContext.parseFrom(change.getContext()));
    }

    private static StepKind kind(Raftpb.ConfChangeType type) {
        return switch (type) {
            case ConfChangeAddNode -> StepKind.ADD_VOTER;
            case ConfChangeRemoveNode -> StepKind.REMOVE;
            case ConfChangeUpdateNode -> StepKind.UPDATE;
            case ConfChangeAddLearnerNode -> StepKind.ADD_LEARNER;
        };
    }

    private static MemberChange of(List<Step> steps, Transition transition, ChangeContext context)
            throws UnreadableEntry {
        requireKnown(context);
        if (context.getStepsCount() != 0 && context.getStepsCount() != steps.size()) {
            throw new UnreadableEntry(
                    "it tells of %d members and changes %d"
                            .formatted(context.getStepsCount(), steps.size()));
        }
        List<Wish> wishes = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            ChangeContext.Step detail =
                    context.getStepsCount() == 0
                            ? ChangeContext.Step.getDefaultInstance()
                            : context.getSteps(i);
            requireKnown(detail);
            wishes.add(wish(steps.get(i), detail));
        }
        Source source =
                new Source(context.getOrigin(), context.getNumber(), context.getLearnersMax());
        return new MemberChange(transition, wishes, source);
    }

    private static Wish wish(Step step, ChangeContext.Step detail) {
        Member member = detail.getMember().toBuilder().setID(step.member()).build();
        return switch (step.kind()) {
            case ADD_VOTER ->
                    detail.getPromote()
                            ? new Wish.Promote(step.member())
                            : new Wish.AddVoter(member);
            case ADD_LEARNER ->
                    detail.getDemote()
                            ? new Wish.Demote(step.member())
                            : new Wish.AddLearner(member);
            case REMOVE -> new Wish.Remove(step.member());
            case UPDATE -> new Wish.Update(step.member(), member.getPeerURLsList());
        };
    }

    /** A kind or a field of a newer version would be taken for "add a voter", or be left out. */
    private static void requireKnown(MessageOrBuilder message) throws UnreadableEntry {
        if (!message.getUnknownFields().asMap().isEmpty()) {
            throw new UnreadableEntry("its change of members has parts that this version lacks");
        }
    }
}

using FsCheck;
using FsCheck.Fluent;
using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

public class OutputLaneTests
{
    private readonly NoteLedger _ledger = new();
    private readonly OutputLane _lane;

    public OutputLaneTests() => _lane = new OutputLane(_ledger, returns: false);

    [Fact]
    public void MessagesComeInOrderOfTimeAndNoneBeforeItsTime()
    {
        Emit(30, MidiMessage.Control(1, 7, 30));
        Emit(10, MidiMessage.Control(1, 7, 10));
        Emit(10, MidiMessage.Control(1, 7, 11));
        Assert.Equal([(10, MidiMessage.Control(1, 7, 10)), (10, MidiMessage.Control(1, 7, 11))], Collect(30));
        Assert.Equal(30, _lane.NextDue);
        Assert.Equal([(30, MidiMessage.Control(1, 7, 30))], Collect(31));
        Assert.Equal(long.MaxValue, _lane.NextDue);
    }

    [Fact]
    public void AKeyThatIsStruckAgainIsReleasedFirstAndEachEndBelongsToItsBeginning()
    {
        Note(10, 60, 40); // ends after the second, which begins within it
        Note(20, 60, 25);
        Assert.Equal(
            [(10, On(60)), (20, Off(60)), (20, On(60)), (25, Off(60))],
            Collect(100));
    }

    [Fact]
    public void ANoteOffThatNeverCameLeavesNoLaterOneWithoutItsNote()
    {
        Emit(10, On(60)); // its end is missing
        for (int i = 0; i < 5; i++)
        {
            Note(20 + (10 * i), 60, 25 + (10 * i));
        }

        List<(long Stamp, MidiMessage Message)> heard = Collect(100);
        Assert.Equal([(10, On(60)), (20, Off(60)), (20, On(60)), (25, Off(60)), (30, On(60))], heard[..5]);
        Assert.Equal((65, Off(60)), heard[^1]);
        Assert.Equal(12, heard.Count);
    }

    [Fact]
    public void AStrikeThatIsWithdrawnStillEndsTheNoteBefore()
    {
        Emit(10, On(60));
        Emit(30, On(60));
        _lane.Emit(new(20, OutputKind.Withdraw, default));
        Assert.Equal([(10, On(60)), (30, Off(60))], Collect(100));
    }

    [Fact]
    public void AnyNumberOfNotesMayLackTheirNoteOffs()
    {
        const int Notes = 1500;
        for (int i = 0; i < Notes; i++)
        {
            Emit(10 + i, On(i % 100));
        }

        Assert.Equal(Notes, Collect(10 + Notes).Count(heard => heard.Message.IsNoteOn));
        Assert.Equal(0, _lane.Overflows);
    }

    [Fact]
    public void WithdrawingTakesWhatIsDueAfterTheStampAndItsEndsAndLeavesTheRest()
    {
        Note(10, 60, 50);
        Note(20, 61, 60);
        Note(21, 62, 30);
        Emit(25, MidiMessage.Control(1, Controller.Sustain, 127));
        Emit(26, MidiMessage.Program(1, 5));
        _lane.Emit(new(20, OutputKind.Withdraw, default));
        Note(40, 62, 45);
        Assert.Equal(
            [(10, On(60)), (20, On(61)), (26, MidiMessage.Program(1, 5)), (40, On(62)), (45, Off(62)), (50, Off(60)), (60, Off(61))],
            Collect(100));
    }

    [Fact]
    public void ReleasingEndsWhatSoundsLiftsThePedalAndLeavesWhatComesAfter()
    {
        Note(10, 60, 50);
        Note(12, 64, 50);
        Emit(15, MidiMessage.Control(1, Controller.Sustain, 127));
        _lane.Emit(new(20, OutputKind.Release, default));
        Note(30, 67, 35);
        Assert.Equal(
            [(10, On(60)), (12, On(64)), (15, MidiMessage.Control(1, Controller.Sustain, 127)), (20, Off(60)), (20, Off(64)), (20, MidiMessage.Control(1, Controller.Sustain, 0)), (30, On(67)), (35, Off(67))],
            Collect(100));
    }

    [Fact]
    public void EveryEndingLiftsThePedalEvenWhereItWasNotPressed()
    {
        Note(10, 60, 12);
        _lane.Emit(new(20, OutputKind.Release, default));
        _lane.Emit(new(21, OutputKind.Release, default));
        Assert.Equal([(20, MidiMessage.Control(1, Controller.Sustain, 0))], Collect(100)[2..]);
        Assert.Empty(Collect(101));
        Assert.True(_lane.IsSilent);
    }

    [Fact]
    public void ThruIsMergedByTime()
    {
        PlayerInput input = new("test", new(), [_lane]);
        Note(10, 60, 30);
        input.Receive(20, MidiMessage.NoteOn(0, 50, 90));
        Assert.Equal([(10, On(60)), (20, MidiMessage.NoteOn(0, 50, 90)), (30, Off(60))], Collect(100));
    }

    [Fact]
    public void ThruGoesAheadOfWhatIsHandedOverBeforeItsTime()
    {
        PlayerInput input = new("test", new PlayerInputOptions { EchoWindow = 0 }, [_lane]);
        Note(95, 60, 97);
        Assert.Equal(1, _lane.Collect(96, new TimedMessage[8]));
        input.Receive(90, MidiMessage.NoteOn(0, 72, 80));
        input.Receive(91, MidiMessage.NoteOff(0, 72));
        input.Receive(92, MidiMessage.NoteOff(0, 73)); // of a note that began before this run
        TimedMessage[] due = new TimedMessage[8];
        Assert.Equal(1, _lane.CollectThru(due.AsSpan(0, 1)));
        Assert.Equal(new TimedMessage(90, MidiMessage.NoteOn(0, 72, 80)), due[0]);
        Assert.Equal(2, _lane.CollectThru(due));
        Assert.Equal([new(91, MidiMessage.NoteOff(0, 72)), new(92, MidiMessage.NoteOff(0, 73))], due[..2]);
        Assert.Equal([(97, Off(60))], Collect(100));
    }

    [Fact]
    public void SilencingReleasesThePlayerAndTheMachine()
    {
        PlayerInput input = new("test", new(), [_lane]);
        Note(10, 60, 300);
        Note(200, 61, 300);
        input.Receive(20, MidiMessage.NoteOn(0, 50, 90));
        input.Receive(21, MidiMessage.Control(0, Controller.Sustain, 90));
        Assert.Equal(3, Collect(100).Count);
        _lane.Silence();
        Assert.Equal(
            [(100, Off(60)), (100, MidiMessage.Control(1, Controller.Sustain, 0)), (100, MidiMessage.NoteOff(0, 50)), (100, MidiMessage.Control(0, Controller.Sustain, 0))],
            Collect(150));
        Assert.Empty(Collect(1000));
        Assert.True(_lane.IsSilent);
    }

    [Fact]
    public void AReceiverThatComesBackIsReleasedAndHearsTheRest()
    {
        Note(10, 60, 70);
        Note(30, 61, 70);
        Note(80, 62, 90);
        Assert.Single(Collect(20));
        _lane.Discard(50);
        _lane.ReleaseSounding();
        Assert.Equal(
            [(20, Off(60)), (20, MidiMessage.Control(1, Controller.Sustain, 0)), (80, On(62)), (90, Off(62))],
            Collect(100));
    }

    [Fact]
    public void AFullLaneReleasesWhatSoundsAndCountsIt()
    {
        Note(10, 60, 100_000_000);
        Assert.Single(Collect(20));
        for (int i = 0; i < 5000; i++)
        {
            Emit(1000 + i, MidiMessage.Control(1, 7, i & 127));
        }

        Assert.Equal(5000 - 4096, _lane.Overflows);
        Assert.Equal(Off(60), Collect(30)[0].Message);
    }

    [Fact]
    public void AnEndCountsAsSentOnlyWhenTheNextBlockIsAskedFor()
    {
        Note(10, 60, 20);
        Collect(30);
        Assert.False(_ledger.IsSilent);
        Collect(31);
        _lane.Silence();
        Collect(32);
        Collect(33);
        Assert.True(_ledger.IsSilent);
    }

    [Fact]
    public void WhereAQueueIsHandedMessagesAheadAnEndCountsAsSentWhenItsTimeHasCome()
    {
        _lane.HandOver = 100;
        Note(10, 60, 20);
        _lane.Emit(new(20, OutputKind.Release, default));
        Collect(110); // the time is 10
        Collect(115);
        Assert.False(_ledger.IsSilent);
        Collect(121);
        Assert.True(_ledger.IsSilent);
    }

    [Fact]
    public void EveryNoteOnHasExactlyOneNoteOffWhateverHappens()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(120);
        Arbitrary<int[]> happenings = Arb.From(Gen.Choose(0, 1 << 30).ArrayOf(), Shrink);
        Prop.ForAll(happenings, history => LaneHistory.Play(history) is not string fault ? true.ToProperty() : false.Label(fault)).Check(config);
    }

    private static IEnumerable<int[]> Shrink(int[] history)
    {
        for (int size = history.Length / 2; size > 0; size /= 2)
        {
            for (int start = 0; start + size <= history.Length; start += size)
            {
                yield return [.. history[..start], .. history[(start + size)..]];
            }
        }
    }

    private void Emit(long stamp, MidiMessage message) => _lane.Emit(new(stamp, OutputKind.Midi, message));

    private void Note(long stamp, int pitch, long end)
    {
        Emit(stamp, On(pitch));
        Emit(end, Off(pitch));
    }

    private static MidiMessage On(int pitch) => MidiMessage.NoteOn(1, pitch, 80);

    private static MidiMessage Off(int pitch) => MidiMessage.NoteOff(1, pitch);

    private List<(long Stamp, MidiMessage Message)> Collect(long until)
    {
        TimedMessage[] due = new TimedMessage[4096];
        return [.. due[.._lane.Collect(until, due)].Select(message => (message.Stamp, message.Message))];
    }
}

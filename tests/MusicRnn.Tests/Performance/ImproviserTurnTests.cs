using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

/// <summary>When the machine takes its turn.</summary>
public class ImproviserTurnTests
{
    [Fact]
    public void TheTurnIsComputedOnceTheLastKeyIsUpAndNotWaitedFor()
    {
        using Stage stage = new();
        double end = stage.PlayPhrase();
        long computed = stage.Improviser.Turn;
        Assert.NotEqual(long.MaxValue, computed);
        stage.AdvanceToAnswer();
        Assert.Equal(stage.Now, Math.Ceiling((computed + 1) / (double)Stage.Ms));
        Assert.InRange(computed / (double)Stage.Ms, end + 150, 1800 + 3000);
    }

    [Fact]
    public void TheTurnFollowsFromTheModelsExpectation()
    {
        foreach (double threshold in (double[])[0.5, 0.2, 0.05, 0.01])
        {
            using Stage stage = new(parameters: (ParameterTable.Patience, threshold));
            double end = stage.PlayPhrase();
            MusicalMemory memory = stage.Improviser.Listener.Memory;
            using var predictor = new MusicRnn.Model.Predictor(TestNetworks.Lively);
            long crossing = predictor.TimeUntilSurvival(memory.State, threshold);
            long onset = (1000 * Stage.Ms) + memory.Time; // the middle of the last note's frame, counted from the first note
            long expected = Math.Max(onset + Math.Clamp(crossing, 150 * Stage.Ms, 3000 * Stage.Ms), (long)((end + 150) * Stage.Ms));
            Assert.Equal(expected, stage.Improviser.Turn);
        }
    }

    [Fact]
    public void AQuickPatienceTakesTheTurnSoonerThanAPatientOne()
    {
        using Stage quick = new(parameters: (ParameterTable.Patience, 0.5)), patient = new(parameters: (ParameterTable.Patience, 0.005));
        quick.PlayPhrase();
        patient.PlayPhrase();
        Assert.True(quick.Turn < patient.Turn);
    }

    [Fact]
    public void NoTurnPassesWhileAKeyIsDown()
    {
        using Stage stage = new();
        stage.PlayPhrase();
        stage.Press(2000, 40);
        stage.Advance(20_000);
        Assert.Equal(ImproviserState.Listening, stage.Improviser.State);
        stage.Release(20_000, 40);
        Assert.Equal(20_150, stage.Turn);
    }

    [Fact]
    public void ALateReleaseMovesTheTurnAndTheFirstNoteWithIt()
    {
        using Stage stage = new(parameters: (ParameterTable.Patience, 0.5));
        stage.Pedal(900, true);
        stage.PlayPhrase();
        long turn = stage.Turn;
        stage.Advance(turn - 5); // the first chord is drawn by now
        stage.Pedal(turn - 5, false);
        Assert.Equal(turn - 5 + 150, stage.Turn);
        stage.AdvanceToAnswer();
        stage.Advance(turn + 5000);
        Assert.True(stage.FirstOnset >= turn - 5 + 150 + 10);
    }

    [Fact]
    public void ANewNoteBeforeTheTurnCarriesThePhraseOn()
    {
        using Stage stage = new(parameters: (ParameterTable.Patience, 0.5));
        stage.PlayPhrase();
        long turn = stage.Turn;
        stage.Press(turn - 1, 64);
        stage.Advance(turn + 50);
        Assert.Equal(ImproviserState.Listening, stage.Improviser.State);
        stage.Release(turn + 50, 64);
        Assert.True(stage.Turn >= turn + 200);
        Assert.Empty(stage.NoteOns);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    public void NothingIsAnsweredBeforeEnoughNotes(int minimum)
    {
        using Stage stage = new(parameters: (ParameterTable.MinimumNotes, minimum));
        double end = stage.PlayPhrase(minimum - 1);
        stage.Advance(end + 10_000);
        Assert.Equal(ImproviserState.Listening, stage.Improviser.State);
        stage.Press(end + 10_000, 50);
        stage.Release(end + 10_100, 50);
        stage.AdvanceToAnswer();
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1.0)]
    [InlineData(3.0)]
    public void UnderRuleSilenceTheTurnPassesAFixedTimeAfterTheLastRelease(double seconds)
    {
        using Stage stage = new(parameters: [(ParameterTable.Rule, (int)TurnRule.Silence), (ParameterTable.Patience, seconds)]);
        stage.Pedal(900, true);
        double end = stage.PlayPhrase();
        Assert.Equal(end + (seconds * 1000), stage.Turn, 1.0);
        stage.Pedal(end + 50, false);
        Assert.Equal(end + 50 + (seconds * 1000), stage.Turn, 1.0);
        stage.AdvanceToAnswer();
        Assert.Equal(end + 50 + (seconds * 1000), stage.Now, 2.0);
    }

    [Fact]
    public void UnderRulePedalOnlyTheGestureHandsOver()
    {
        using Stage stage = new(parameters: (ParameterTable.Rule, (int)TurnRule.Pedal));
        double end = stage.PlayPhrase();
        stage.Advance(end + 20_000);
        Assert.Equal(ImproviserState.Listening, stage.Improviser.State);
        stage.Send(end + 20_000, MidiMessage.Control(0, Controller.Soft, 63));
        stage.Advance(end + 20_010);
        Assert.Equal(ImproviserState.Listening, stage.Improviser.State);
        stage.Send(end + 20_010, MidiMessage.Control(0, Controller.Soft, 64));
        stage.Advance(end + 20_012);
        Assert.Equal(ImproviserState.Answering, stage.Improviser.State);
    }

    [Fact]
    public void UnderRulePedalTheSustainPedalHandsOverWhenPressedTwiceQuickly()
    {
        using Stage stage = new(parameters: [(ParameterTable.Rule, (int)TurnRule.Pedal), (ParameterTable.TurnController, Controller.Sustain)]);
        double end = stage.PlayPhrase();
        foreach ((double at, bool down) in ((double, bool)[])[(100, true), (200, false), (700, true), (800, false)])
        {
            stage.Pedal(end + at, down);
        }

        stage.Advance(end + 850);
        Assert.Equal(ImproviserState.Listening, stage.Improviser.State);
        stage.Pedal(end + 1000, true);
        stage.Advance(end + 1002);
        Assert.Equal(ImproviserState.Answering, stage.Improviser.State);
    }

    [Fact]
    public void TakeOverNowAnswersAtOnceEvenAFewNotesAndHeldKeys()
    {
        using Stage stage = new();
        stage.Press(1000, 60);
        stage.Send(1100, MidiMessage.Control(3, 112, 100));
        stage.Advance(1102);
        Assert.Equal(ImproviserState.Answering, stage.Improviser.State);
        stage.Advance(10_000);
        Assert.InRange(stage.FirstOnset, 1110, 2101);
    }

    [Fact]
    public void TakeOverNowWaitsForTheFrameOfAChordJustStruck()
    {
        using Stage stage = new();
        stage.Press(1000, 60);
        stage.Push(1001, ParameterTable.TakeOver);
        stage.Advance(1100);
        Assert.Equal(1, stage.Improviser.Listener.Memory.State.Notes);
        Assert.Equal(ImproviserState.Answering, stage.Improviser.State);
    }

    [Fact]
    public void WithNothingHeardThereIsNothingToTakeOver()
    {
        using Stage stage = new();
        stage.Push(100, ParameterTable.TakeOver);
        stage.Push(200, ParameterTable.Loop);
        stage.Advance(10_000);
        Assert.Equal(ImproviserState.Idle, stage.Improviser.State);
        Assert.Empty(stage.NoteOns);
    }

    [Fact]
    public void AButtonWorksOnceOnRisingThroughTheMiddle()
    {
        using Stage stage = new(parameters: (ParameterTable.Rule, (int)TurnRule.Pedal));
        stage.PlayPhrase();
        stage.Send(2500, MidiMessage.Control(0, 112, 63));
        stage.Advance(2550);
        Assert.Equal(ImproviserState.Listening, stage.Improviser.State);
        stage.Send(2600, MidiMessage.Control(0, 112, 64));
        stage.Advance(2610);
        Assert.Equal(ImproviserState.Answering, stage.Improviser.State);
        stage.Push(2620, ParameterTable.Panic);
        stage.Send(2700, MidiMessage.Control(0, 112, 127)); // still above it
        stage.Advance(2750);
        Assert.Equal(ImproviserState.Idle, stage.Improviser.State);
        stage.Send(2800, MidiMessage.Control(0, 112, 0));
        stage.Send(2900, MidiMessage.Control(0, 112, 127));
        stage.Advance(2910);
        Assert.Equal(ImproviserState.Answering, stage.Improviser.State);
    }

    [Fact]
    public void ListenFeedsAndNeverAnswers()
    {
        using Stage stage = new(parameters: (ParameterTable.Mode, (int)PerformanceMode.Listen));
        stage.PlayPhrase();
        stage.Push(2500, ParameterTable.TakeOver);
        stage.Advance(20_000);
        Assert.Equal(ImproviserState.Idle, stage.Improviser.State);
        Assert.Equal(5, stage.Improviser.Listener.Memory.State.Notes);
        Assert.Empty(stage.NoteOns);
    }

    [Fact]
    public void AllNotesOffFromTheKeyboardReleasesItsKeys()
    {
        foreach (int controller in (int[])[Controller.AllNotesOff, Controller.AllSoundOff, 125])
        {
            using Stage stage = new();
            stage.PlayPhrase();
            stage.Press(2000, 40);
            stage.Press(2000, 44);
            stage.Send(5000, MidiMessage.Control(0, controller, 0));
            Assert.Equal(5150, stage.Turn);
        }
    }

    [Fact]
    public void ResetFromTheKeyboardLiftsItsPedal()
    {
        using Stage stage = new();
        stage.Pedal(900, true);
        stage.PlayPhrase();
        stage.Press(2000, 50);
        stage.Release(2100, 50);
        stage.Send(2150, MidiMessage.Control(0, Controller.ResetAllControllers, 0));
        Assert.False(stage.Improviser.Listener.PedalDown);
        Assert.True(stage.Turn >= 2300);
    }

    [Fact]
    public void AKeyThatTwoChannelsHoldIsUpWhenBothHaveReleasedIt()
    {
        using Stage stage = new();
        stage.PlayPhrase();
        stage.Send(2000, MidiMessage.NoteOn(0, 60, 50));
        stage.Send(2100, MidiMessage.NoteOn(1, 60, 50));
        stage.Send(2200, MidiMessage.NoteOff(0, 60));
        Assert.Equal(long.MaxValue, stage.Improviser.Turn);
        stage.Send(2300, MidiMessage.NoteOff(1, 60));
        Assert.NotEqual(long.MaxValue, stage.Improviser.Turn);
    }

    [Fact]
    public void AKeyStruckTwiceAndReleasedOnceIsUp()
    {
        using Stage stage = new();
        stage.PlayPhrase();
        stage.Press(2000, 60);
        stage.Press(2100, 60);
        stage.Release(2200, 60);
        Assert.NotEqual(long.MaxValue, stage.Improviser.Turn);
        Assert.Equal(7, stage.Improviser.Listener.Memory.State.Notes);
    }

    [Fact]
    public void ALostInputReleasesWhatItHeldAndEndsTheTurn()
    {
        using Stage stage = new();
        stage.PlayPhrase();
        stage.Press(2000, 40);
        stage.Take(new InputEvent(2500 * Stage.Ms, InputKind.InputLost, default, 0, 0));
        Assert.False(stage.Improviser.Listener.IsKeyDown);
        Assert.Equal(ImproviserState.Idle, stage.Improviser.State);
        stage.Advance(20_000);
        Assert.Empty(stage.NoteOns);
    }

    [Fact]
    public void TheStateIsSaidForLights()
    {
        using Stage stage = new(parameters: (ParameterTable.Length, 4));
        stage.PlayPhrase();
        stage.AdvanceToAnswer();
        stage.AdvanceToIdle();
        int[] said = [.. stage.Emitted.Select(item => item.Event).Where(item => item.Kind == OutputKind.Midi && item.Message.IsControl(119) && item.Message.Channel == 1)
            .Select(item => (int)item.Message.Data2)];
        Assert.Equal([0, 1, 2, 0], said);
    }
}

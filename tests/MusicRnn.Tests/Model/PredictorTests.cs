using MusicRnn.Model;
using MusicRnn.Training;

namespace MusicRnn.Tests.Model;

public sealed unsafe class PredictorTests
{
    private static readonly NetworkShape Small = new(2, 64, 48, 32);

    [Theory]
    [InlineData(2, 64, 48, 32)]
    [InlineData(1, 16, 16, 16)]
    [InlineData(2, 48, 16, 80)]
    [InlineData(1, 144, 32, 48)]
    public void FedNoteByNoteItExpectsWhatTheTrainingNetworkExpects(int layers, int hidden, int embedding, int head)
    {
        var shape = new NetworkShape(layers, hidden, embedding, head);
        using Network network = ShakenNetwork.Make(shape, 3);
        List<StruckNote> notes = NaiveContext.Tune(AttentionTensors.Past + 72, 7); // more than are looked back at
        NoteWindow window = new NaiveContext(notes).ToWindow();
        using var team = new ThreadTeam(1);
        using var runner = new TrainingNetwork(network.Layout, window.Steps, 1, team, training: false);
        Losses expected = runner.Forward(network.Weights.Pointer, window, default, 0);

        using var predictor = new Predictor(network);
        using var state = new NetworkState(shape);
        NoteNats sum = default;
        for (int i = 0; i < notes.Count; i++)
        {
            StruckNote note = notes[i];
            var input = new NoteInput(i == 0 ? NoteInput.Start : note.Frame - notes[i - 1].Frame, note.Pitch, note.Velocity, note.PedalDown);
            if (i > 0)
            {
                NoteNats nats = predictor.Evaluate(state, input, note.Duration);
                sum = new NoteNats(sum.Step + nats.Step, sum.Pitch + nats.Pitch, sum.Velocity + nats.Velocity, sum.Duration + nats.Duration);
            }

            foreach (StruckNote other in notes.Take(i).Where(other => other.Frame + other.Duration <= note.Frame && other.Frame == state.Context.Onset(NoteEncoding.PitchIndex(other.Pitch))))
            {
                state.Context.Release(NoteEncoding.PitchIndex(other.Pitch), other.Frame + other.Duration);
            }

            predictor.Feed(state, input, note.Frame);
        }

        // The live network has weights of four and eight bits: a hundredth of a nat a note is what that may cost.
        double tolerance = 0.01 * expected.Notes;
        Assert.Equal(notes.Count - 1, expected.Notes);
        Assert.Equal(expected.Step, sum.Step, tolerance);
        Assert.Equal(expected.Pitch, sum.Pitch, tolerance);
        Assert.Equal(expected.Velocity, sum.Velocity, tolerance);
        Assert.Equal(expected.Duration, sum.Duration, tolerance);
    }

    [Fact]
    public void FeedingAndSamplingDoNotAllocate()
    {
        using Network network = ShakenNetwork.Make(Small, 3);
        using var predictor = new Predictor(network);
        using NetworkState state = new(Small), fork = new(Small);
        long frame = 0;
        Play(10);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Play(3 * AttentionTensors.Past);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Play(int notes)
        {
            for (int i = 0; i < notes; i++)
            {
                SampledNote note = predictor.Sample(state, new SamplingOptions(1, 0.95, 0, 5_000_000_000), new NoteRandom(1, (ulong)frame), true);
                frame += Grid.FrameOf(note.Step);
                predictor.Feed(state, new NoteInput((int)Grid.FrameOf(note.Step), note.Pitch, note.Velocity, true), frame);
                fork.CopyFrom(state);
                predictor.Survival(fork, 100_000_000);
                predictor.TimeUntilSurvival(fork, 0.1);
                for (UInt128 down = state.Context.Down; i % 6 == 0 && down != 0; down &= down - 1)
                {
                    state.Context.Release((int)UInt128.TrailingZeroCount(down), frame + 10);
                }
            }
        }
    }

    [Fact]
    public void TwoPredictorsOfOneNetworkPlayAtTheSameTimeAsEachDoesAlone()
    {
        using Network network = ShakenNetwork.Make(Small, 3);
        SampledNote[] alone = Play();
        Task<SampledNote[]>[] together = [Task.Run(Play), Task.Run(Play)];
        Assert.All(together, task => Assert.Equal(alone, task.Result));

        SampledNote[] Play()
        {
            using var predictor = new Predictor(network);
            using NetworkState state = new(Small);
            var played = new SampledNote[200];
            long frame = 0;
            for (int i = 0; i < played.Length; i++)
            {
                played[i] = predictor.Sample(state, new SamplingOptions(1, 0.95, 0, 5_000_000_000), new NoteRandom(1, (ulong)i), true);
                frame += Grid.FrameOf(played[i].Step);
                predictor.Feed(state, new NoteInput((int)Grid.FrameOf(played[i].Step), played[i].Pitch, played[i].Velocity, true), frame);
            }

            return played;
        }
    }

    [Fact]
    public void ANetworkThatIsGoneIsGoneOnce()
    {
        Network network = Network.CreateRandom(Small, 3);
        var predictor = new Predictor(network);
        predictor.Dispose();
        predictor.Dispose();
        network.Dispose();
        network.Dispose();
        Assert.Throws<ObjectDisposedException>(() => new Predictor(network));
    }

    [Fact]
    public void SurvivalFallsFromOneToNothingAndItsInverseAgrees()
    {
        using Network network = Network.CreateRandom(Small, 3);
        using var predictor = new Predictor(network);
        using var state = new NetworkState(Small);
        predictor.Feed(state, new NoteInput(NoteInput.Start, 60, 64, false), 0);
        Assert.Equal(1, predictor.Survival(state, 0), 1e-9);
        Assert.Equal(0, predictor.Survival(state, 60_000_000_000), 1e-9);
        double last = 1;
        for (long elapsed = 0; elapsed < 20_000_000_000; elapsed += 7_000_000)
        {
            double survival = predictor.Survival(state, elapsed);
            Assert.True(survival <= last + 1e-12);
            last = survival;
        }

        foreach (double threshold in (double[])[0.9, 0.5, 0.1, 0.01])
        {
            Assert.Equal(threshold, predictor.Survival(state, predictor.TimeUntilSurvival(state, threshold)), 1e-6);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.5)]
    public void StepsAreDrawnWithinTheirBoundsAsOftenAsTheyAreExpectedWhateverTopP(double topP)
    {
        using Network network = Network.CreateRandom(Small, 3);
        using var predictor = new Predictor(network);
        using var state = new NetworkState(Small);
        predictor.Feed(state, new NoteInput(NoteInput.Start, 60, 64, false), 0);
        const long Minimum = 150_000_000, Maximum = 1_500_000_000, Middle = 400_000_000;
        const int Draws = 20_000;
        int early = 0;
        for (ulong note = 0; note < Draws; note++)
        {
            SampledNote drawn = predictor.Sample(state, new SamplingOptions(1, topP, Minimum, Maximum), new NoteRandom(9, note), false);
            Assert.InRange(drawn.Step, Minimum, Maximum);
            Assert.InRange(drawn.Pitch, 21, 108);
            Assert.InRange(drawn.Velocity, 1, 127);
            Assert.True(drawn.Duration > 0);
            Assert.True(drawn.Pedal is PedalMove.None or PedalMove.Press, "a pedal that is up can only be pressed");
            early += drawn.Step < Middle ? 1 : 0;
        }

        double expected = (predictor.Survival(state, Minimum) - predictor.Survival(state, Middle)) / (predictor.Survival(state, Minimum) - predictor.Survival(state, Maximum));
        Assert.Equal(expected, (double)early / Draws, 4 * Math.Sqrt(expected * (1 - expected) / Draws));
    }

    [Fact]
    public void PastEverythingItKnowsTheStepIsTheEarliestAllowed()
    {
        using Network network = Network.CreateRandom(Small, 3);
        using var predictor = new Predictor(network);
        using var state = new NetworkState(Small);
        predictor.Feed(state, new NoteInput(NoteInput.Start, 60, 64, false), 0);
        const long Minute = 60_000_000_000;
        Assert.Equal(Minute, predictor.Sample(state, new SamplingOptions(1, 0.9, Minute, Minute + 1_000_000_000), new NoteRandom(1, 1), false).Step);
    }

    [Fact]
    public void AtTheLowestTemperatureAndTopPTheLikeliestPitchIsPlayed()
    {
        using Network network = Network.CreateRandom(Small, 3);
        using var predictor = new Predictor(network);
        using var state = new NetworkState(Small);
        predictor.Feed(state, new NoteInput(NoteInput.Start, 60, 64, false), 0);
        var options = new SamplingOptions(0.1, 0.5, 0, 0);
        int[] pitches = [.. Enumerable.Range(0, 20).Select(note => predictor.Sample(state, options, new NoteRandom(1, (ulong)note), false).Pitch).Distinct()];
        double best = pitches.Min(pitch => predictor.Evaluate(state, new NoteInput(0, pitch, 64, false), 1).Pitch);
        for (int pitch = 21; pitch <= 108; pitch++)
        {
            Assert.True(predictor.Evaluate(state, new NoteInput(0, pitch, 64, false), 1).Pitch >= best - 1e-9);
        }
    }

    [Fact]
    public void AForkGoesItsOwnWay()
    {
        using Network network = Network.CreateRandom(Small, 3);
        using var predictor = new Predictor(network);
        using NetworkState state = new(Small), fork = new(Small);
        predictor.Feed(state, new NoteInput(NoteInput.Start, 60, 64, false), 0);
        fork.CopyFrom(state);
        NoteNats before = predictor.Evaluate(state, new NoteInput(20, 64, 64, false), 10);
        predictor.Feed(fork, new NoteInput(30, 72, 100, true), 30);
        Assert.Equal(before, predictor.Evaluate(state, new NoteInput(20, 64, 64, false), 10));
        Assert.NotEqual(before, predictor.Evaluate(fork, new NoteInput(20, 64, 64, false), 10));
    }
}

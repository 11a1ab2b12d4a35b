using MusicRnn.Model;

namespace MusicRnn.Tests.Model;

public sealed unsafe class LiveAttentionTests
{
    private static readonly NetworkShape Small = new(2, 64, 48, 32);

    [Theory]
    [InlineData(0, 64)]
    [InlineData(1, 64)]
    [InlineData(2, 64)]
    [InlineData(0, 16)]
    [InlineData(1, 16)]
    [InlineData(2, 16)]
    public void ItAnswersAsTheSumsWrittenOutDo(int which, int hidden)
    {
        const int MiddleStart = 200;
        var shape = new NetworkShape(1, hidden, 16, 16);
        using var network = new Network(shape);
        AttentionTensors tensors = AttentionWeights.Of(network.Layout)[which];
        var random = new Random(which);
        FillRounded(network.Tensor(tensors.Query), tensors.Query.Columns, random, 1);
        FillRounded(network.Tensor(tensors.Key), hidden, random, 1);
        FillRounded(network.Tensor(tensors.Value), hidden, random, 1);
        FillRounded(network.Tensor(tensors.Output), AttentionTensors.ValueWidth, random, 1);
        foreach (TensorInfo? table in (TensorInfo?[])[tensors.KeyNote, tensors.ValueNote, tensors.ValueDuration, tensors.Distance, tensors.Nothing])
        {
            if (table is { } present)
            {
                AttentionWeights.Fill(network.Tensor(present), random, 2);
            }
        }

        List<StruckNote> notes = [.. NaiveContext.Tune(400, 5).Select((note, i) => i % 7 == 0 ? note with { Duration = 40 * note.Duration } : note)];
        float[][] hiddens = [.. notes.Select(_ => Vector(hidden, random))], asking = [.. notes.Select(_ => Vector(tensors.Query.Columns, random))];
        var naive = new NaiveAttention(network, tensors, notes, hiddens, MiddleStart);
        using var state = new NetworkState(shape);
        LiveAttention attention = ((LiveAttention[])[network.Live.Attention, network.Live.VelocityAttention, network.Live.DurationAttention])[which];
        AttentionMemory memory = ((AttentionMemory[])[state.Past, state.VelocityPast, state.DurationPast])[which];
        using NativeFloats target = new(tensors.Output.Rows);
        sbyte* quantized = stackalloc sbyte[64];
        ushort[] rows = new ushort[NoteContext.MostRows];
        int sounding = 0;
        for (int t = 0; t < notes.Count; t++)
        {
            StruckNote note = notes[t];
            int pitch = NoteEncoding.PitchIndex(note.Pitch), level = NoteEncoding.VelocityIndex(note.Velocity), step = naive.StepOf(t);
            foreach (StruckNote other in notes.Take(t).Where(other => other.Frame + other.Duration <= note.Frame && other.Frame == state.Context.Onset(NoteEncoding.PitchIndex(other.Pitch))))
            {
                state.Context.Release(NoteEncoding.PitchIndex(other.Pitch), other.Frame + other.Duration);
            }

            state.Context.Hear(step, pitch, level, note.PedalDown, note.Frame, rows);
            attention.Remember(memory, t is 0 or MiddleStart, NoteEncoding.StepRow(step), pitch, level, quantized, Quantize(hiddens[t]));
            target.Span.Fill(1);
            attention.Add(memory, state.Context.Ends, quantized, Quantize(asking[t]), target.Pointer);

            double[] expected = naive.AnswerAt(t, asking[t]);
            double scale = Math.Max(1, expected.Max(Math.Abs));
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.Equal(1 + expected[i], target.Pointer[i], 0.03 * scale);
            }

            sounding += naive.DurationRowsAt(t).Count(row => row == AttentionTensors.SoundingRow);
        }

        Assert.Equal(AttentionTensors.Past, memory.Count);
        Assert.True(sounding > 5 * notes.Count, $"keys stay down for long: {sounding}");

        float Quantize(float[] vector)
        {
            fixed (float* first = vector)
            {
                return Int4Matrix.Quantize(first, quantized, vector.Length);
            }
        }
    }

    [Fact]
    public void ANoteHasEndedByTheOnsetThatItsKeyWasUpBefore()
    {
        var context = new NoteContext();
        Hear(context, 10, 100);
        context.Release(10, 100); // at once: a key is down for a frame at least
        Hear(context, 20, 100);
        Assert.Equal([AttentionTensors.SoundingRow, AttentionTensors.SoundingRow], Rows(context, 2));
        Hear(context, 30, 105);
        Assert.Equal([AttentionTensors.SoundingRow, AttentionTensors.SoundingRow, 1], Rows(context, 3));
        context.Release(20, 110);
        Assert.Equal(AttentionTensors.SoundingRow, context.Ends.RowOf(1)); // nobody was struck since
        Hear(context, 30, 115);
        Assert.Equal([AttentionTensors.SoundingRow, 10, 10, 1], Rows(context, 4));
        Hear(context, 30, 115); // the same key in the same frame
        Assert.Equal([AttentionTensors.SoundingRow, 1, 10, 10, 1], Rows(context, 5));
    }

    [Fact]
    public void AKeyThatSomebodyElseHoldsStillGoesOn()
    {
        var context = new NoteContext();
        Hear(context, 10, 100);
        context.Release(10, 103);
        context.Resume(10, 50);
        Hear(context, 20, 110);
        Assert.Equal([AttentionTensors.SoundingRow, AttentionTensors.SoundingRow], Rows(context, 2));
        context.Release(10, 112);
        Hear(context, 20, 115);
        Assert.Equal([AttentionTensors.SoundingRow, 5, 12], Rows(context, 3));
    }

    [Fact]
    public void ANoteThatEndsWhenItIsLookedBackAtNoLongerLeavesTheOthersAlone()
    {
        var context = new NoteContext();
        Hear(context, 0, 0);
        for (int i = 1; i <= AttentionTensors.Past; i++)
        {
            Hear(context, 1 + (i % 50), i);
        }

        context.Release(0, AttentionTensors.Past + 1);
        Hear(context, 60, AttentionTensors.Past + 1);
        Assert.Equal(AttentionTensors.SoundingRow, context.Ends.RowOf(0));
        Assert.Equal(AttentionTensors.SoundingRow, context.Ends.RowOf(1));
        Assert.Equal(Grid.BinOf(50), context.Ends.RowOf(AttentionTensors.Past - 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(130)]
    [InlineData(300)]
    public void AForkRemembersAllAndAResetForgetsIt(int before)
    {
        using Network network = Network.CreateRandom(Small, 3);
        AttentionWeights.Fill(network, 4);
        using var predictor = new Predictor(network);
        using NetworkState state = new(Small), fork = new(Small), fresh = new(Small);
        List<StruckNote> notes = NaiveContext.Tune(before + 200, 9);
        for (int i = 0; i < 170; i++)
        {
            Feed(fork, notes, i, i == 0); // what a fork had in it before is gone
        }

        for (int i = 0; i < before; i++)
        {
            Feed(state, notes, i, i == 0);
        }

        fork.CopyFrom(state);
        Compare(state, fork, before);
        state.Reset();
        Compare(state, fresh, 0);

        void Compare(NetworkState one, NetworkState other, int from)
        {
            for (int i = from; i < from + 150; i++)
            {
                Feed(one, notes, i, i == 0);
                Feed(other, notes, i, i == 0);
                Assert.Equal(predictor.Evaluate(one, new NoteInput(20, 64, 64, false), 10), predictor.Evaluate(other, new NoteInput(20, 64, 64, false), 10));
            }
        }

        void Feed(NetworkState to, List<StruckNote> tune, int i, bool isStart)
        {
            foreach (StruckNote other in tune.Take(i).Where(other => other.Frame + other.Duration <= tune[i].Frame))
            {
                if (to.Context.Onset(NoteEncoding.PitchIndex(other.Pitch)) == other.Frame)
                {
                    to.Context.Release(NoteEncoding.PitchIndex(other.Pitch), other.Frame + other.Duration);
                }
            }

            StruckNote note = tune[i];
            predictor.Feed(to, new NoteInput(isStart ? NoteInput.Start : note.Frame - tune[i - 1].Frame, note.Pitch, note.Velocity, note.PedalDown), note.Frame);
        }
    }

    [Fact]
    public void WhatIsLookedBackAtChangesWhatIsExpected()
    {
        using Network network = Network.CreateRandom(Small, 3), attentive = Network.CreateRandom(Small, 3);
        AttentionWeights.Fill(attentive, 4);
        (NoteNats First, NoteNats Second) without = Expect(network), with = Expect(attentive);
        Assert.Equal(without.First, with.First); // there is nothing before a first note
        Assert.NotEqual(without.Second.Step, with.Second.Step);
        Assert.NotEqual(without.Second.Pitch, with.Second.Pitch);
        Assert.NotEqual(without.Second.Velocity, with.Second.Velocity);
        Assert.NotEqual(without.Second.Duration, with.Second.Duration);

        static (NoteNats First, NoteNats Second) Expect(Network network)
        {
            using var predictor = new Predictor(network);
            using var state = new NetworkState(network.Shape);
            var next = new NoteInput(20, 64, 64, false);
            predictor.Feed(state, new NoteInput(NoteInput.Start, 60, 64, false), 0);
            NoteNats first = predictor.Evaluate(state, next, 10);
            predictor.Feed(state, next, 20);
            return (first, predictor.Evaluate(state, next, 10));
        }
    }

    private static void Hear(NoteContext context, int pitch, long frame) => context.Hear(0, pitch, 16, false, frame, new ushort[NoteContext.MostRows]);

    private static int[] Rows(NoteContext context, int notes) => [.. Enumerable.Range(0, notes).Select(back => (int)context.Ends.RowOf(back))];

    /// <summary>A vector that eight bits hold as it is.</summary>
    private static float[] Vector(int length, Random random) => [.. Enumerable.Range(0, length).Select(i => (i == 0 ? 127 : random.Next(-127, 128)) / 127f)];

    /// <summary>Weights that four bits hold as they are, so that only what is found is rounded.</summary>
    private static void FillRounded(Span<float> matrix, int columns, Random random, float largest)
    {
        float unit = largest / 8 / MathF.Sqrt(columns) * 2;
        for (int i = 0; i < matrix.Length; i++)
        {
            matrix[i] = (i % 32 == 0 || i % columns == 0 ? -8 : random.Next(-8, 8)) * unit;
        }
    }
}

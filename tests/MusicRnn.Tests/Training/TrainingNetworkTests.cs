using MusicRnn.Model;
using MusicRnn.Tests.Model;
using MusicRnn.Training;

namespace MusicRnn.Tests.Training;

public sealed unsafe class TrainingNetworkTests
{
    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(0.2f, 0f)]
    [InlineData(0f, 0.3f)]
    public void EveryGradientIsTheSlopeOfTheLoss(float outputs, float recurrent)
    {
        var dropout = new DropoutRates(outputs, recurrent);
        const int Steps = 6, Streams = 8;
        var random = new Random(4);
        using Network network = ShakenNetwork.Make(new NetworkShape(2, 64, 48, 32), 3);
        using var team = new ThreadTeam(2);
        NoteWindow window = WithAPast(RandomWindow.Make(Steps, Streams, 5));
        using var runner = new TrainingNetwork(network.Layout, Steps, Streams, team, training: true);
        using var memory = new NativeFloats(TrainingNetwork.MemoryLength(network.Layout.Shape, window.Streams));
        for (int seed = 6; seed < 30; seed++)
        {
            runner.Forward(network.Weights.Pointer, WithAPast(RandomWindow.Make(Steps, Streams, seed)), default, 0); // notes to look back at
        }

        runner.SaveMemory(memory);
        using var gradients = new NativeFloats(network.Weights.Length);
        Loss();
        runner.Backward(network.Weights.Pointer, gradients.Pointer, window, dropout, 64);
        foreach (TensorInfo tensor in network.Layout.Tensors)
        {
            float[] gradient = new Span<float>(gradients.Pointer + tensor.Offset, (int)tensor.Length).ToArray();
            double norm = Math.Sqrt(gradient.Sum(value => (double)value * value));
            Assert.True(norm > 0, $"{tensor.Name} learns nothing");
            for (int row = 0; row < AttentionTensors.DistanceRows && tensor.Columns == AttentionTensors.Heads; row++)
            {
                // However far back: but there is no distance of the square root of 2 notes.
                Assert.True(row == 1 || gradient.AsSpan(row * tensor.Columns, tensor.Columns).ContainsAnyExcept(0), $"{tensor.Name}, row {row}, learns nothing");
            }


            // Along the gradient with unequal weights, and a little beside it, so that a single wrong entry shows.
            float[] direction = [.. gradient.Select(value => (float)((value / norm * (0.5 + (random.NextDouble() * 1.5))) + (0.02 * ((random.NextDouble() * 2) - 1))))];
            double length = Math.Sqrt(direction.Sum(value => (double)value * value));
            double predicted = 0;
            for (int i = 0; i < direction.Length; i++)
            {
                direction[i] /= (float)length;
                predicted += direction[i] * gradient[i];
            }

            const double Distance = 1e-2;
            Span<float> weights = network.Tensor(tensor);
            float[] saved = weights.ToArray();
            Move(Distance);
            double above = Loss();
            Move(-Distance);
            double below = Loss();
            saved.CopyTo(network.Tensor(tensor));
            double measured = (above - below) / (2 * Distance);
            Assert.True(Math.Abs(measured - predicted) < 0.01 * (Math.Abs(measured) + 5e-4), $"{tensor.Name}: gradient {predicted}, slope {measured}");

            void Move(double distance)
            {
                Span<float> moved = network.Tensor(tensor);
                for (int i = 0; i < moved.Length; i++)
                {
                    moved[i] = (float)(saved[i] + (distance * direction[i]));
                }
            }
        }

        double Loss()
        {
            runner.RestoreMemory(memory);
            Losses losses = runner.Forward(network.Weights.Pointer, window, dropout, 64);
            return (losses.Total - Widths(window) + (0.5 * losses.Pedal)) / (Steps * Streams);
        }
    }

    [Fact]
    public void GradientsOfRoundedFactorsPointTheSameWay()
    {
        Assert.SkipUnless(MatrixUnit.IsThere, "This processor has no unit for matrices of bfloat16.");
        using Network network = ShakenNetwork.Make(new NetworkShape(2, 128, 96, 64), 3);
        NoteWindow window = RandomWindow.Make(16, 40, 5);
        using var team = new ThreadTeam(2);
        using NativeFloats exact = new(network.Weights.Length), rounded = new(network.Weights.Length);
        double exactLoss = Run(Precision.Float32, exact), roundedLoss = Run(Precision.Fastest, rounded);
        Assert.NotEqual(exactLoss, roundedLoss); // the unit was at work
        Assert.Equal(exactLoss, roundedLoss, 1e-3 * exactLoss);
        foreach (TensorInfo tensor in network.Layout.Tensors)
        {
            double one = 0, other = 0, both = 0;
            for (long i = tensor.Offset; i < tensor.Offset + tensor.Length; i++)
            {
                one += (double)exact.Pointer[i] * exact.Pointer[i];
                other += (double)rounded.Pointer[i] * rounded.Pointer[i];
                both += (double)exact.Pointer[i] * rounded.Pointer[i];
            }

            Assert.True(both > 0.999 * Math.Sqrt(one * other), $"{tensor.Name}: cosine {both / Math.Sqrt(one * other)}");
            Assert.InRange(Math.Sqrt(other / one), 0.98, 1.02);
        }

        double Run(Precision precision, NativeFloats gradients)
        {
            using var runner = new TrainingNetwork(network.Layout, 16, 40, team, training: true, precision);
            Losses losses = runner.Forward(network.Weights.Pointer, window, new DropoutRates(0.1f, 0.1f), 64);
            runner.Backward(network.Weights.Pointer, gradients.Pointer, window, new DropoutRates(0.1f, 0.1f), 64);
            return losses.Total / losses.Notes;
        }
    }

    [Fact]
    public void ThePitchWithoutItsStepIsTheSumOverEveryStepOfThePitchWithIt()
    {
        using Network network = ShakenNetwork.Make(new NetworkShape(1, 64, 48, 32), 3);
        using var team = new ThreadTeam(2);
        using var runner = new TrainingNetwork(network.Layout, 1, 1, team, training: false);
        using var memory = new NativeFloats(TrainingNetwork.MemoryLength(network.Layout.Shape, 1));
        runner.Forward(network.Weights.Pointer, Window(1), default, 0); // notes to look back at
        runner.SaveMemory(memory);
        NoteWindow window = Window(2);
        double[] marginal = new double[NoteEncoding.Pitches];
        byte played = window.Pitch[1], bin = window.Step[1];
        for (window.Pitch[1] = 0; window.Pitch[1] < marginal.Length; window.Pitch[1]++)
        {
            for (window.Step[1] = 0; window.Step[1] < Grid.Bins; window.Step[1]++)
            {
                Losses given = Forward(window, 0);
                marginal[window.Pitch[1]] += Math.Exp(Math.Log(Grid.Width(window.Step[1])) - given.Step - given.Pitch);
            }
        }

        (window.Pitch[1], window.Step[1]) = (played, bin);
        Losses found = Forward(window, 1);
        Assert.Equal(1, marginal.Sum(), 1e-4);
        Assert.Equal(1, found.MarginalNotes);
        Assert.Equal(-Math.Log(marginal[played]), found.MarginalPitch, 1e-3);
        int likelier = marginal.Count(probability => probability > marginal[played]);
        Assert.Equal((likelier < 1 ? 1 : 0, likelier < 5 ? 1 : 0), (found.MarginalTop1, found.MarginalTop5));

        Losses Forward(NoteWindow window, int marginalEvery)
        {
            runner.RestoreMemory(memory);
            return runner.Forward(network.Weights.Pointer, window, default, 0, marginalEvery);
        }

        static NoteWindow Window(int seed)
        {
            NoteWindow window = RandomWindow.Make(1, 1, seed);
            window.Start[0] = window.Start[1] = false;
            return window;
        }
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.Fastest)]
    public void AThreadMoreGivesTheSameBits(Precision precision)
    {
        using Network network = ShakenNetwork.Make(new NetworkShape(2, 64, 48, 32), 3);
        NoteWindow window = RandomWindow.Make(10, 16, 5);
        float[] one = Gradients(1), two = Gradients(2), three = Gradients(3);
        Assert.Equal(one, two);
        Assert.Equal(one, three);

        float[] Gradients(int threads)
        {
            using var team = new ThreadTeam(threads);
            using var runner = new TrainingNetwork(network.Layout, 10, 16, team, training: true, precision);
            using var gradients = new NativeFloats(network.Weights.Length);
            runner.Forward(network.Weights.Pointer, window, new DropoutRates(0.1f, 0.1f), 64);
            runner.Backward(network.Weights.Pointer, gradients.Pointer, window, new DropoutRates(0.1f, 0.1f), 64);
            return gradients.Span.ToArray();
        }
    }

    [Fact]
    public void AThreadMoreLosesTheSameOnASingleStream()
    {
        using Network network = ShakenNetwork.Make(new NetworkShape(2, 64, 48, 32), 3);
        NoteWindow window = RandomWindow.Make(150, 1, 5);
        double one = Total(1);
        Assert.Equal(one, Total(2));
        Assert.Equal(one, Total(5));

        double Total(int threads)
        {
            using var team = new ThreadTeam(threads);
            using var runner = new TrainingNetwork(network.Layout, 150, 1, team, training: false);
            return runner.Forward(network.Weights.Pointer, window, default, 0).Total;
        }
    }

    [Fact]
    public void WindowsOfAnyLengthFindTheSamePast()
    {
        string path = Path.GetTempFileName();
        try
        {
            using Corpus corpus = ScaleCorpus.Write(path);
            EncodedPiece[] pieces = [.. corpus.Pieces.Select(piece => EncodedPiece.Encode(piece))];
            using Network network = ShakenNetwork.Make(new NetworkShape(2, 64, 48, 32), 3);
            using var team = new ThreadTeam(2);
            double whole = Run([1300]); // every stream's pieces at once
            Assert.Equal(whole, Run([1]), 1e-6 * whole);
            Assert.Equal(whole, Run([7]), 1e-6 * whole);
            Assert.Equal(whole, Run([64, 200, 5, 128]), 1e-6 * whole); // as long as the past, and longer, with what is remembered put by in between

            double Run(int[] lengths)
            {
                const int Streams = 2;
                using var memory = new NativeFloats(TrainingNetwork.MemoryLength(network.Shape, Streams));
                long[] position = [];
                var losses = new Losses();
                for (int i = 0; ; i++)
                {
                    // A piece in two passages, and one after another.
                    var window = new NoteWindow(lengths[i % lengths.Length], Streams);
                    using var runner = new TrainingNetwork(network.Layout, window.Steps, Streams, team, training: false);
                    var feeder = new WindowFeeder(window, (_, draw) => draw < pieces.Length ? (pieces[draw], [150]) : null);
                    if (i > 0)
                    {
                        runner.RestoreMemory(memory);
                        feeder.Restore(position);
                    }

                    for (int repeat = 0; repeat < (lengths.Length > 1 ? 1 : 1300); repeat++)
                    {
                        if (!feeder.Next())
                        {
                            return losses.Total;
                        }

                        losses.Add(runner.Forward(network.Weights.Pointer, window, default, 0));
                    }

                    runner.SaveMemory(memory);
                    position = feeder.Position;
                }
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>The window with a stream in which nothing begins anew, so that its notes look back as far as they can.</summary>
    private static NoteWindow WithAPast(NoteWindow window)
    {
        for (int note = 0; note < window.Start.Length; note += window.Streams)
        {
            window.Start[note] = false;
        }

        return window;
    }

    /// <summary>What the width of the bins adds to the losses: it does not depend on the weights.</summary>
    private static double Widths(NoteWindow window)
    {
        double sum = 0;
        for (int i = window.Streams; i < window.Start.Length; i++)
        {
            if (!window.Start[i])
            {
                sum += Math.Log(Grid.Width(window.Step[i])) + Math.Log(Grid.Width(window.Duration[i]));
            }
        }

        return sum;
    }
}

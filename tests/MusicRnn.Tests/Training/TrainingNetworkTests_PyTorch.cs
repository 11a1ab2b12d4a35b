using MusicRnn.Model;
using MusicRnn.Training;

namespace MusicRnn.Tests.Training;

/// <summary>The fixtures are written by tests/oracles/pytorch_network.py.</summary>
public sealed unsafe class TrainingNetworkTests_PyTorch
{
    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    [Fact]
    public void LossesAndGradientsAreThoseOfPyTorch()
    {
        using Network network = Network.Load(Fixture("pytorch-network.safetensors"));
        using SafetensorsFile oracle = SafetensorsFile.Open(Fixture("pytorch-oracle.safetensors"));
        NoteWindow window = ReadWindow(oracle);
        using var team = new ThreadTeam(2);
        using var runner = new TrainingNetwork(network.Layout, window.Steps, window.Streams, team, training: true);
        using var gradients = new NativeFloats(network.Weights.Length);
        Losses losses = runner.Forward(network.Weights.Pointer, window, default, 0);
        runner.Backward(network.Weights.Pointer, gradients.Pointer, window, default, 0);
        double widths = 0, durationWidths = 0;
        for (int i = window.Streams; i < window.Start.Length; i++)
        {
            widths += window.Start[i] ? 0 : Math.Log(Grid.Width(window.Step[i]));
            durationWidths += window.Start[i] ? 0 : Math.Log(Grid.Width(window.Duration[i]));
        }

        Assert.Equal(Number(oracle, "loss.step"), losses.Step - widths, 1e-3);
        Assert.Equal(Number(oracle, "loss.pitch"), losses.Pitch, 1e-3);
        Assert.Equal(Number(oracle, "loss.velocity"), losses.Velocity, 1e-3);
        Assert.Equal(Number(oracle, "loss.duration"), losses.Duration - durationWidths, 1e-3);
        Assert.Equal(Number(oracle, "loss.pedal"), losses.Pedal, 1e-3);
        foreach (TensorInfo tensor in network.Layout.Tensors)
        {
            // PyTorch has two biases where we have their sum: either's gradient is that of the sum.
            string name = "gradient." + tensor.Name.Replace("lstm.bias_l", "lstm.bias_ih_l", StringComparison.Ordinal);
            float[] expected = Floats(oracle, name);
            float[] actual = new Span<float>(gradients.Pointer + tensor.Offset, (int)tensor.Length).ToArray();
            Assert.Equal(expected.Length, actual.Length);
            float largest = expected.Max(Math.Abs);
            Assert.True(largest > 0, name);
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.True(Math.Abs(expected[i] - actual[i]) < 1e-4 * largest, $"{name}[{i}]: PyTorch {expected[i]}, here {actual[i]}");
            }
        }
    }

    private static NoteWindow ReadWindow(SafetensorsFile oracle)
    {
        IReadOnlyList<long> shape = oracle.Find("window.step").Shape;
        var window = new NoteWindow((int)shape[0] - 1, (int)shape[1]);
        Fill("step", window.Step);
        Fill("pitch", window.Pitch);
        Fill("velocity", window.Velocity);
        Fill("duration", window.Duration);
        Fill("row_count", window.RowCount);
        Fill("recent", window.Recent);
        Fill("votes", window.Votes);
        Fill("step_levels", window.StepLevels);
        Fill("duration_levels", window.DurationLevels);
        float[] pedal = Floats(oracle, "window.pedal_class"), start = Floats(oracle, "window.start"), rows = Floats(oracle, "window.rows");
        float[] repeat = Floats(oracle, "window.repeat"), near = Floats(oracle, "window.near");
        float[] onset = Floats(oracle, "window.onset"), release = Floats(oracle, "window.release");
        for (int i = 0; i < pedal.Length; i++)
        {
            window.PedalClass[i] = (sbyte)pedal[i];
            window.Start[i] = start[i] != 0;
            window.Onset[i] = (int)onset[i];
            window.Release[i] = (int)release[i];
            int at = 5 * i;
            window.Repeat[i] = new Repeat((byte)repeat[at], (byte)repeat[at + 1], (byte)repeat[at + 2], (byte)repeat[at + 3], (ushort)repeat[at + 4]);
            int by = 7 * i; // the velocity's three rows, then the duration's four
            window.Neighbours[i] = new Neighbours(
                (ushort)near[by], (ushort)near[by + 1], (ushort)near[by + 3], (ushort)near[by + 4], (ushort)near[by + 5], (ushort)near[by + 2], (ushort)near[by + 6]);
        }

        for (int i = 0; i < rows.Length; i++)
        {
            window.Rows[i] = (ushort)rows[i];
        }

        return window;

        void Fill(string name, byte[] target)
        {
            float[] values = Floats(oracle, "window." + name);
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = (byte)values[i];
            }
        }
    }

    private static float Number(SafetensorsFile file, string name) => Floats(file, name)[0];

    private static float[] Floats(SafetensorsFile file, string name)
    {
        float[] values = new float[file.Find(name).Length];
        file.Read(name, values);
        return values;
    }
}

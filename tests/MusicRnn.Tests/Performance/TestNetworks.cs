using MusicRnn.Model;
using MusicRnn.Tests.Model;

namespace MusicRnn.Tests.Performance;

/// <summary>Small networks that have learned nothing, for tests of what is done with a network's word.</summary>
internal static class TestNetworks
{
    private static readonly NetworkShape Shape = new(1, 32, 32, 32);

    /// <summary>Random: its steps and durations last from nothing to twenty seconds.</summary>
    public static Network Slow { get; } = Network.CreateRandom(Shape, 1);

    /// <summary>Random, but leaning to chords and to steps and durations below half a second, and looking back.</summary>
    public static Network Lively { get; } = MakeLively();

    private static Network MakeLively()
    {
        Network network = Network.CreateRandom(Shape, 2);
        AttentionWeights.Fill(network, 3);
        Span<float> step = network.Tensor(network.Layout.Step.Bias), duration = network.Tensor(network.Layout.Duration.Bias);
        step[0] += 2.5f;
        for (int bin = 0; bin < Grid.Bins; bin++)
        {
            step[bin] -= 0.15f * Math.Max(0, bin - 20);
            duration[bin] -= 0.15f * Math.Max(0, bin - 30);
        }

        return network;
    }
}

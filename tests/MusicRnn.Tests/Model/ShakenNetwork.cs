using MusicRnn.Model;

namespace MusicRnn.Tests.Model;

/// <summary>Random networks in which every tensor has its say: where training starts, biases are 0 and attention adds nothing.</summary>
internal static class ShakenNetwork
{
    public static Network Make(NetworkShape shape, ulong seed)
    {
        var random = new Random(4);
        var network = Network.CreateRandom(shape, seed);
        foreach (ref float weight in network.Weights.Span)
        {
            weight += ((float)random.NextDouble() - 0.5f) * 0.1f;
        }

        // Hardly a unit is cut off just here: the loss has slopes.
        foreach (LinearTensors deep in (LinearTensors[])[network.Layout.DeepStep, network.Layout.DeepPitch, network.Layout.DeepVelocity, network.Layout.DeepDuration])
        {
            foreach (ref float bias in network.Tensor(deep.Bias))
            {
                bias = ((float)random.NextDouble() * 0.4f) + 0.3f;
                bias = random.Next(3) == 0 ? -bias : bias;
            }
        }

        return network;
    }
}

using MusicRnn.Host;
using MusicRnn.Model;
using MusicRnn.Training;

namespace MusicRnn.Benchmarks;

/// <summary>The network that probes play with: the shipped one, or where that is not there one of its size that has learned nothing.</summary>
internal static class PlayedNetwork
{
    private static readonly string Shipped = new Installation(AppContext.BaseDirectory).Resolve("models/maestro.safetensors");

    /// <summary>Whether the shipped weights are there.</summary>
    public static bool IsShipped => System.IO.File.Exists(Shipped);

    /// <summary>Opens it.</summary>
    public static Network Open() => IsShipped ? Network.Load(Shipped) : MakeRandom(new TrainingOptions().Shape);

    /// <summary>The path of its file, made in a folder where it does not exist.</summary>
    public static string File(BenchmarkFolder folder)
    {
        if (IsShipped)
        {
            return Shipped;
        }

        string path = folder.File("random.safetensors");
        using Network network = Open();
        network.Save(path, new Dictionary<string, string>());
        return path;
    }

    /// <summary>Random, but leaning to chords and to steps and durations below half a second, so that it plays about as a player does.</summary>
    private static Network MakeRandom(NetworkShape shape)
    {
        Network network = Network.CreateRandom(shape, 2);
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

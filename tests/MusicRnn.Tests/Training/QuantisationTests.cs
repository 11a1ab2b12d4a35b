using MusicRnn.Model;
using MusicRnn.Training;

namespace MusicRnn.Tests.Training;

public sealed class QuantisationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("musicrnn").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TheShippedNetworkPlaysAsItLearned()
    {
        using Network network = Network.Load(ShippedModel());
        using Corpus corpus = ScaleCorpus.Write(Path.Combine(_folder, "scales.corpus"));
        using var team = new ThreadTeam(2);
        var figures = Quantisation.Measure(network, [.. corpus.Pieces], team);
        Assert.True(figures.Notes > 2000);

        // Scales are nothing that it learned, so chance moves them by hundredths either way; models/README.md has what eight bits lose on music. A wrong scale would cost nats.
        Assert.InRange(figures.Live - figures.Trained, -0.05, 0.05);
        Assert.NotEqual(figures.Live, figures.Trained);
    }

    private static string ShippedModel()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "models", "maestro.safetensors");
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException("models/maestro.safetensors is in none of the folders above the tests.");
    }
}

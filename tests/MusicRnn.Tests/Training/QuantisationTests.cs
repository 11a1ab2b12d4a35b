using MusicRnn.Model;
using MusicRnn.Training;

namespace MusicRnn.Tests.Training;

public sealed class QuantisationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("musicrnn").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TheShippedNetworkPlaysWithinAHundredthOfANatOfWhatItLearned()
    {
        using Network network = Network.Load(ShippedModel());
        using Corpus corpus = ScaleCorpus.Write(Path.Combine(_folder, "scales.corpus"));
        using var team = new ThreadTeam(2);
        var figures = Quantisation.Measure(network, [.. corpus.Pieces], team);
        Assert.True(figures.Notes > 2000);
        Assert.InRange(figures.Live - figures.Trained, -0.05, 0.01); // scales are nothing that it learned: rounding may as well help there
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

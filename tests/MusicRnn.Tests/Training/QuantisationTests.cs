using MusicRnn.Model;
using MusicRnn.Performance;
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
        using Corpus corpus = WriteItsOwnMusic(network);
        using var team = new ThreadTeam(2);
        var told = new List<(long Done, long Total)>();
        var figures = Quantisation.Measure(network, [.. corpus.Pieces], team, (done, total) => told.Add((done, total)));
        Assert.Equal(Enumerable.Range(1, 8).Select(done => ((long)done, 8L)), told);
        Assert.Equal(8, figures.Pieces);
        Assert.True(figures.Notes > 2000);
        Assert.InRange(figures.Live - figures.Trained, -0.01, 0.01);
        Assert.NotEqual(figures.Live, figures.Trained);
    }

    /// <summary>Music that the network knows how to expect, for there is no other here: what it draws when it has heard nothing.</summary>
    private Corpus WriteItsOwnMusic(Network network)
    {
        string path = Path.Combine(_folder, "own.corpus");
        var writer = new CorpusWriter();
        for (ulong seed = 1; seed <= 8; seed++)
        {
            var continuation = Continuation.Of(Opening.Of(network, 1, seed), network, new ParameterTable(), new() { Length = AskedLength.OfNotes(400), Seed = seed });
            writer.Add($"{seed}.mid", "the machine", Split.Validation, continuation.Answer());
        }

        writer.Write(path);
        return Corpus.Open(path);
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

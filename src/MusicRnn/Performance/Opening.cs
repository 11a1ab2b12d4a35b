using MusicRnn.Model;
using MusicRnn.Notes;

namespace MusicRnn.Performance;

/// <summary>How music begins where nothing was played: with a note that the network draws from what it expects when it has heard nothing.</summary>
public static class Opening
{
    private const int Draw = int.MaxValue; // far from the numbers of the notes that follow

    /// <summary>Draws the note.</summary>
    /// <param name="network">The network.</param>
    /// <param name="temperature">0.1-2.</param>
    /// <param name="seed">The same seed gives the same note.</param>
    /// <returns>A piece of that one note, at 0.</returns>
    public static Piece Of(Network network, double temperature, ulong seed)
    {
        using var predictor = new Predictor(network);
        using var silence = new NetworkState(network.Shape);
        SampledNote note = predictor.Sample(silence, new SamplingOptions(temperature, 0.9, 0, 0), new NoteRandom(seed, Draw), pedalDown: false);
        return new Piece([new Note(0, note.Duration, (byte)note.Pitch, (byte)note.Velocity)], []);
    }
}

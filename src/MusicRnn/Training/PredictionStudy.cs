using MusicRnn.Model;
using MusicRnn.Performance;

namespace MusicRnn.Training;

/// <summary>
/// What a network expected and what came, note by note and head by head, through the very weights and code that play live: for pictures.
/// Each head is told what the heads before it should have said.
/// </summary>
public sealed class PredictionStudy : IDisposable
{
    private readonly Predictor _predictor;
    private readonly double[] _steps = new double[Grid.Bins];
    private readonly double[] _pitches = new double[NoteEncoding.Pitches];
    private readonly double[] _velocities = new double[NoteEncoding.Velocities];
    private readonly double[] _durations = new double[Grid.Bins];

    /// <summary>Makes a study of a network, which must outlive it.</summary>
    public PredictionStudy(Network network) => _predictor = new Predictor(network);

    /// <summary>Step bins.</summary>
    public Confusion Steps { get; } = new(Grid.Bins);

    /// <summary>Pitch indices, given the step.</summary>
    public Confusion Pitches { get; } = new(NoteEncoding.Pitches);

    /// <summary>Velocity levels, given step and pitch.</summary>
    public Confusion Velocities { get; } = new(NoteEncoding.Velocities);

    /// <summary>Duration bins, given all else.</summary>
    public Confusion Durations { get; } = new(Grid.Bins);

    /// <summary>Each head's calibration, by its name.</summary>
    public IReadOnlyList<(string Head, Calibration Calibration)> Calibrations { get; } =
        [("step", new Calibration()), ("pitch", new Calibration()), ("velocity", new Calibration()), ("duration", new Calibration())];

    /// <summary>The number of notes that were expected.</summary>
    public long Notes { get; private set; }

    /// <summary>Hears a piece from its beginning.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="most">The most notes that are heard of it.</param>
    /// <param name="passage">Where not null, gets for each note but the first the pitch index that came and the probability of each, [88].</param>
    public void Hear(CorpusPiece piece, int most, IList<(int Came, double[] Expected)>? passage = null)
    {
        var notes = EncodedPiece.Encode(piece);
        using var memory = new MusicalMemory(_predictor);
        for (int i = 0; i < Math.Min(most, notes.Count); i++)
        {
            if (i > 0)
            {
                Compare(memory.State, Grid.BinOf(notes.Onset[i] - notes.Onset[i - 1]), notes.Pitch[i], notes.Velocity[i], Grid.BinOf(notes.Release[i] - notes.Onset[i]));
                passage?.Add((notes.Pitch[i], [.. _pitches]));
            }

            int velocity = Math.Max(1, notes.Velocity[i] * 4); // of its level
            memory.Feed(new HeardNote(notes.Pitch[i] + NoteEncoding.LowestPitch, velocity, notes.PedalDown[i]), notes.Onset[i], notes.Release[i]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _predictor.Dispose();

    private void Compare(NetworkState state, int step, int pitch, int velocity, int duration)
    {
        _predictor.Steps(state, _steps);
        _predictor.Pitches(state, step, _pitches);
        _predictor.Velocities(state, step, pitch, _velocities);
        _predictor.Durations(state, step, pitch, velocity, _durations);
        Steps.Add(_steps, step);
        Pitches.Add(_pitches, pitch);
        Velocities.Add(_velocities, velocity);
        Durations.Add(_durations, duration);
        Calibrations[0].Calibration.Add(_steps, step);
        Calibrations[1].Calibration.Add(_pitches, pitch);
        Calibrations[2].Calibration.Add(_velocities, velocity);
        Calibrations[3].Calibration.Add(_durations, duration);
        Notes++;
    }
}

namespace MusicRnn.Model;

/// <summary>Runs a network note by note: notes in, probabilities and drawn notes out. One thread at a time; no clock.</summary>
public sealed class Predictor : IDisposable
{
    /// <summary>Makes a predictor, with scratch memory of its own.</summary>
    public Predictor(Network network) => throw new NotImplementedException();

    /// <summary>The network it runs.</summary>
    public Network Network => throw new NotImplementedException();

    /// <summary>Feeds one note at its onset. [improviser-thread] allocates nothing, locks nothing.</summary>
    /// <param name="state">The memory, advanced by one step.</param>
    /// <param name="note">The note.</param>
    /// <param name="sounding">The keys that are down at the onset, without this note.</param>
    /// <param name="frame">The onset's frame, on the same count as the frames in <paramref name="sounding"/>.</param>
    public void Feed(NetworkState state, in NoteInput note, in SoundingKeys sounding, long frame) => throw new NotImplementedException();

    /// <summary>The probability, 0-1, that the next onset is later than the given time after the last one fed.</summary>
    /// <param name="state">The memory after the last note.</param>
    /// <param name="elapsed">Nanoseconds since the last onset.</param>
    public double Survival(NetworkState state, long elapsed) => throw new NotImplementedException();

    /// <summary>When <see cref="Survival"/> falls below a threshold: nanoseconds after the last onset fed.</summary>
    public long TimeUntilSurvival(NetworkState state, double threshold) => throw new NotImplementedException();

    /// <summary>Draws the note that follows. The state is not advanced: feed the note to do that. [improviser-thread] allocates nothing, locks nothing.</summary>
    /// <param name="state">The memory after the last note.</param>
    /// <param name="options">Temperature, top-p and the bounds of the step.</param>
    /// <param name="random">The note's random numbers.</param>
    /// <param name="pedalDown">Whether the pedal is down at the last onset, which decides what it can do next.</param>
    public SampledNote Sample(NetworkState state, in SamplingOptions options, in NoteRandom random, bool pedalDown) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}

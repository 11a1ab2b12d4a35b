using MusicRnn.Model;

namespace MusicRnn.Performance;

/// <summary>
/// A performance on a virtual clock: the very improviser that plays live, driven from event to event as fast as it can. For
/// continuing files, replaying takes, and tests.
/// </summary>
public sealed class VirtualPerformance : IDisposable
{
    private readonly Audience _audience;
    private readonly KnobMap _knobs;
    private readonly List<InputEvent> _inputs = [];

    /// <summary>Begins a performance.</summary>
    /// <param name="network">The network it plays by; must outlive it.</param>
    /// <param name="parameters">What its knobs start with; changed as it goes.</param>
    /// <param name="settings">What cannot be turned while playing.</param>
    /// <param name="knobs">The controllers that turn its parameters; null for the instrument's own.</param>
    /// <param name="start">The stamp it begins at.</param>
    public VirtualPerformance(Network network, ParameterTable parameters, ImproviserSettings settings, KnobMap? knobs = null, long start = 0)
    {
        _audience = new Audience(settings);
        _knobs = knobs ?? KnobMap.Default;
        Now = start;
        Header = TakeHeader.Of(network, parameters, settings, start);
        Improviser = new Improviser(network, parameters, settings, _audience);
        Improviser.Start(start);
    }

    /// <summary>The improviser.</summary>
    public Improviser Improviser { get; }

    /// <summary>How it began.</summary>
    public TakeHeader Header { get; }

    /// <summary>The stamp it has come to.</summary>
    public long Now { get; private set; }

    /// <summary>What it took in, knobs turned into parameters.</summary>
    public IReadOnlyList<InputEvent> Inputs => _inputs;

    /// <summary>What the machine's receiver heard up to <see cref="Now"/>, ordered by time.</summary>
    public IReadOnlyList<TimedMessage> Heard
    {
        get
        {
            _audience.Hear(Now);
            return _audience.Messages;
        }
    }

    /// <summary>Takes an event; stamps that lie before <see cref="Now"/> count as that.</summary>
    public void Receive(in InputEvent input)
    {
        InputEvent translated = _knobs.Translate(input) with { Stamp = Math.Max(Now, input.Stamp) };
        _inputs.Add(translated);
        Improviser.Receive(translated);
        Now = translated.Stamp;
    }

    /// <summary>Goes on to a stamp.</summary>
    public void Advance(long until)
    {
        Improviser.Advance(until);
        Now = Math.Max(Now, until);
    }

    /// <summary>Goes on until nothing more happens by itself: the phrase is answered, or will not be.</summary>
    /// <param name="limit">The stamp to stop at in any case, for answers without end.</param>
    /// <returns>False when the limit was reached before.</returns>
    public bool AdvanceUntilIdle(long limit)
    {
        while (Improviser.NextWake < limit)
        {
            Advance(Improviser.NextWake + 1);
        }

        bool idle = Improviser.NextWake == long.MaxValue;
        if (!idle)
        {
            Advance(limit);
        }

        return idle;
    }

    /// <summary>Ends the performance: what sounds is released.</summary>
    /// <returns>It as a take.</returns>
    public Take Finish()
    {
        Improviser.Stop(Now);
        _audience.Hear(Now + 1);
        return new Take(Header, _inputs, _audience.Messages, Now);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Improviser.Dispose();
        _audience.Dispose();
    }
}

namespace MusicRnn.Synthesis;

/// <summary>A triangle between -1 and 1 that starts at 0 and rises, after a delay (SF2.04 section 9.1.4).</summary>
internal struct Lfo
{
    private double _delay; // frames left
    private double _phase; // 0-1
    private double _step; // phase a frame

    /// <summary>Starts it.</summary>
    /// <param name="delay">Frames.</param>
    /// <param name="step">Cycles a frame.</param>
    public void Start(double delay, double step)
    {
        _delay = delay;
        _phase = 0;
        _step = step;
    }

    public readonly double Value => _phase < 0.25 ? 4 * _phase : _phase < 0.75 ? 2 - (4 * _phase) : (4 * _phase) - 4;

    /// <summary>Moves on by a number of frames.</summary>
    public void Advance(double frames)
    {
        double running = frames - _delay;
        _delay = Math.Max(0, -running);
        if (running > 0)
        {
            _phase += running * _step;
            _phase -= Math.Floor(_phase);
        }
    }
}

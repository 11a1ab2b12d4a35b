namespace MusicRnn.Performance;

/// <summary>
/// The model's time against the performance's: nanoseconds from the first note heard against stamps. They run alike but
/// where the time scale stretches the machine's playing: the network is fed what it said, not how it was stretched,
/// or it would hear its own stretching and stretch that again.
/// </summary>
internal sealed class Timeline
{
    private const int Capacity = 64;
    private readonly long[] _stamp = new long[Capacity]; // [0, _count), growing
    private readonly long[] _model = new long[Capacity];
    private readonly double[] _scale = new double[Capacity]; // stamp nanoseconds in one of the model's, from there on
    private int _count;

    /// <summary>Whether it has begun.</summary>
    public bool HasBegun => _count > 0;

    /// <summary>Forgets everything.</summary>
    public void Reset() => _count = 0;

    /// <summary>The model's time begins, at 0, with this stamp.</summary>
    public void Begin(long stamp)
    {
        _count = 1;
        _stamp[0] = stamp;
        _model[0] = 0;
        _scale[0] = 1;
    }

    /// <summary>From a stamp on time is stretched by another scale; whatever was to change from there on is forgotten.</summary>
    public void SetScale(long stamp, double scale)
    {
        while (_count > 1 && _stamp[_count - 1] >= stamp)
        {
            _count--;
        }

        if (_scale[_count - 1] == scale)
        {
            return;
        }

        long model = ToModel(stamp);
        if (_count == Capacity)
        {
            Array.Copy(_stamp, 1, _stamp, 0, Capacity - 1);
            Array.Copy(_model, 1, _model, 0, Capacity - 1);
            Array.Copy(_scale, 1, _scale, 0, Capacity - 1);
            _count--;
        }

        _stamp[_count] = stamp;
        _model[_count] = model;
        _scale[_count] = scale;
        _count++;
    }

    /// <summary>The scale that holds at a stamp.</summary>
    public double ScaleAt(long stamp)
    {
        int at = _count - 1;
        while (at > 0 && _stamp[at] > stamp)
        {
            at--;
        }

        return _scale[at];
    }

    /// <summary>The model's time at a stamp.</summary>
    public long ToModel(long stamp)
    {
        int at = _count - 1;
        while (at > 0 && _stamp[at] > stamp)
        {
            at--;
        }

        long passed = stamp - _stamp[at];
        return _model[at] + (_scale[at] == 1 ? passed : (long)Math.Round(passed / _scale[at]));
    }

    /// <summary>The stamp at a model's time.</summary>
    public long ToStamp(long model)
    {
        int at = _count - 1;
        while (at > 0 && _model[at] > model)
        {
            at--;
        }

        long passed = model - _model[at];
        return _stamp[at] + (_scale[at] == 1 ? passed : (long)Math.Round(passed * _scale[at]));
    }
}

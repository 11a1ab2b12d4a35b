using MusicRnn.Performance;

namespace MusicRnn.Host.Panel;

/// <summary>The sound that pages hear: the lane's messages through a synthesiser of its own, in blocks, while somebody listens.</summary>
/// <remarks>On the page thread, but for <see cref="Reload"/>.</remarks>
internal sealed class PageSound
{
    /// <summary>Frames a second; a page brings them to its own clock.</summary>
    public const int SampleRate = 48_000;

    private const int Frames = 256;
    private const long LongestGap = 500_000_000; // after a longer one nothing is made up for
    private readonly float[] _left = new float[Frames];
    private readonly float[] _right = new float[Frames];
    private readonly Func<int, IInstrument> _instruments;
    private readonly Action<string> _failed;
    private readonly LaneRenderer _renderer;
    private readonly Lock _lock = new();
    private FrameTime _time;
    private long _frame;
    private bool _heard;
    private int _wanted; // counts what is to be heard next: what was made for an earlier count comes too late

    /// <summary>Begins.</summary>
    /// <param name="lane">What is to be heard.</param>
    /// <param name="start">The stamp of the first frame.</param>
    /// <param name="instruments">Makes the synthesiser for a sample rate.</param>
    /// <param name="failed">Told where it cannot, and why. Any thread.</param>
    public PageSound(OutputLane lane, long start, Func<int, IInstrument> instruments, Action<string> failed)
    {
        _instruments = instruments;
        _failed = failed;
        _renderer = new LaneRenderer(lane, new SilentInstrument(SampleRate));
        _time = new FrameTime(start, SampleRate);
    }

    /// <summary>Another SoundFont is to be heard. Any thread.</summary>
    public void Reload()
    {
        int wanted;
        lock (_lock)
        {
            if (!_heard)
            {
                return;
            }

            wanted = ++_wanted;
        }

        Task.Run(() => // it takes longer than a block of sound lasts
        {
            IInstrument made = _instruments(SampleRate);
            lock (_lock)
            {
                if (wanted == _wanted)
                {
                    _renderer.Exchange(made);
                }
            }
        }).ContinueWith(task => _failed(task.Exception!.GetBaseException().Message), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <summary>Renders up to now.</summary>
    /// <param name="now">The clock's reading.</param>
    /// <param name="heard">Whether anybody listens.</param>
    /// <param name="block">Takes each block: the stamp of its first frame, left and right.</param>
    public void Run(long now, bool heard, Action<long, float[], float[]> block)
    {
        if (heard != _heard)
        {
            lock (_lock)
            {
                _heard = heard;
                _wanted++;
                if (!heard)
                {
                    _renderer.Exchange(new SilentInstrument(SampleRate));
                }
            }

            Reload();
        }

        if (now - _time.StampOf(_frame) > LongestGap)
        {
            _time = new FrameTime(now - LongestGap, SampleRate);
            _frame = 0;
        }

        while (_time.StampOf(_frame + Frames) <= now)
        {
            _renderer.Render(_time, _frame, _left, _right);
            if (heard)
            {
                block(_time.StampOf(_frame), _left, _right);
            }

            _frame += Frames;
        }
    }
}

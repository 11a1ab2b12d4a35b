namespace MusicRnn.Performance;

/// <summary>
/// Renders what a lane holds through an instrument, each message at its exact frame: what every audio output does with its
/// blocks.
/// </summary>
public sealed class LaneRenderer
{
    private readonly OutputLane _lane;
    private readonly TimedMessage[] _due = new TimedMessage[256];
    private readonly ChannelMemory _memory = new();
    private IInstrument _instrument;
    private IInstrument? _successor;
    private int _channelUse;

    /// <summary>Makes a renderer.</summary>
    public LaneRenderer(OutputLane lane, IInstrument instrument)
    {
        _lane = lane;
        _instrument = instrument;
        _channelUse = instrument.ChannelUse;
    }

    /// <summary>Changes over to another instrument of the same sample rate before the next block. It is first told the programs,
    /// controllers and bends that the old one was told, unless its channels are used otherwise; notes that sound end. Any thread.</summary>
    public void Exchange(IInstrument successor) => Volatile.Write(ref _successor, successor);

    /// <summary>Renders a block. [audio-thread] allocates nothing, locks nothing, logs nothing.</summary>
    /// <param name="time">From the device's frames to the clock's stamps.</param>
    /// <param name="firstFrame">The block's first frame.</param>
    /// <param name="left">The block's left samples, overwritten.</param>
    /// <param name="right">The block's right samples, overwritten; as many.</param>
    public void Render(in FrameTime time, long firstFrame, Span<float> left, Span<float> right)
    {
        if (Volatile.Read(ref _successor) is not null)
        {
            _instrument = Interlocked.Exchange(ref _successor, null)!;
            TakeUp(_instrument.ChannelUse);
            _memory.Tell(_instrument);
        }

        long until = time.StampOf(firstFrame + left.Length);
        int done = 0;
        int count;
        do
        {
            count = _lane.Collect(until, _due);
            foreach (TimedMessage due in _due.AsSpan(0, count))
            {
                int offset = (int)Math.Clamp(time.FrameAt(due.Stamp) - firstFrame, done, left.Length);
                if (offset > done)
                {
                    _instrument.Render(left[done..offset], right[done..offset]);
                    done = offset;
                }

                _memory.Note(due.Message);
                _instrument.Play(due.Message);
            }
        }
        while (count == _due.Length);

        if (done < left.Length)
        {
            _instrument.Render(left[done..], right[done..]);
        }
    }

    private void TakeUp(int channelUse)
    {
        if (channelUse == 0)
        {
            return;
        }

        if (_channelUse != 0 && channelUse != _channelUse)
        {
            _memory.Forget();
        }

        _channelUse = channelUse;
    }
}

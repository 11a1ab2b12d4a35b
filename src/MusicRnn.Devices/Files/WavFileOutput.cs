using System.Buffers.Binary;
using MusicRnn.Performance;

namespace MusicRnn.Devices.Files;

/// <summary>
/// A WAV file that the sound is written to: stereo, 16 bits. It is rendered in blocks of one size, so that it comes out the same in
/// real time and faster; its header is right at every moment, so that a kill loses only what had not been written.
/// </summary>
public sealed class WavFileOutput : IAudioOutput, ISteppedDevice
{
    private const int Frames = 256;
    private const int FrameBytes = 4;
    private const int MostBlocks = 32; // written at once
    private const int HeaderBytes = 44;
    private const long MostBytes = uint.MaxValue - HeaderBytes; // the header counts in 32 bits
    private readonly StatusCell _status = new();
    private readonly Stream _stream;
    private readonly FrameTime _time;
    private readonly float[] _left = new float[Frames];
    private readonly float[] _right = new float[Frames];
    private readonly byte[] _bytes = new byte[MostBlocks * Frames * FrameBytes];
    private readonly byte[] _header = new byte[HeaderBytes];
    private LaneRenderer? _renderer;
    private Func<int, IInstrument>? _instruments;
    private OutputLane? _lane;
    private long _frame;
    private long _written; // bytes of sound
    private bool _disposed;

    /// <summary>Begins a file, over an older one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="start">The stamp of its beginning, in nanoseconds.</param>
    /// <param name="sampleRate">Frames a second.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public WavFileOutput(string path, long start, int sampleRate = 48_000)
        : this(RecordedFile.Create(path), path, start, sampleRate)
    {
    }

    internal WavFileOutput(Stream stream, string path, long start, int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        _stream = stream;
        _time = new FrameTime(start, sampleRate);
        Name = $"file {path}";
        MakeHeader();
        _stream.Write(_header);
        _status.Set(DeviceState.Running, $"is written at {sampleRate} Hz");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public DeviceStatus Status => _status.Value;

    /// <inheritdoc/>
    public int SampleRate => _time.Rate;

    /// <inheritdoc/>
    public int BlockFrames => Frames;

    /// <inheritdoc/>
    public long Latency => 0;

    /// <inheritdoc/>
    public long Xruns => 0;

    /// <summary>-50 ms: by then everything has come.</summary>
    public long Ahead => -50_000_000;

    /// <summary>The longest sound that a file holds.</summary>
    /// <param name="sampleRate">Frames a second.</param>
    public static TimeSpan MostTime(int sampleRate) => TimeSpan.FromSeconds(MostBytes / FrameBytes / sampleRate);

    /// <inheritdoc/>
    public void Start(OutputLane lane, Func<int, IInstrument> instruments)
    {
        _lane = lane;
        _instruments = instruments;
        _renderer = new LaneRenderer(lane, instruments(SampleRate));
    }

    /// <inheritdoc/>
    public void Reload()
    {
        if (_renderer is not null && _instruments is not null)
        {
            _renderer.Exchange(_instruments(SampleRate));
        }
    }

    /// <inheritdoc/>
    public void Step(long until)
    {
        if (_renderer is null || _status.Value.State is DeviceState.Finished or DeviceState.Failed)
        {
            return;
        }

        bool wrote = false;
        int filled = 0; // bytes
        while (_time.StampOf(_frame + Frames) <= until)
        {
            _renderer.Render(_time, _frame, _left, _right);
            _frame += Frames;
            for (int i = 0; i < Frames; i++, filled += FrameBytes)
            {
                BinaryPrimitives.WriteInt16LittleEndian(_bytes.AsSpan(filled), Sample(_left[i]));
                BinaryPrimitives.WriteInt16LittleEndian(_bytes.AsSpan(filled + 2), Sample(_right[i]));
            }

            if (filled == _bytes.Length)
            {
                if (!Write(filled))
                {
                    return;
                }

                wrote = true;
                filled = 0;
            }
        }

        if (filled > 0 && !Write(filled))
        {
            return;
        }

        if (wrote || filled > 0)
        {
            WriteHeader();
        }
    }

    /// <summary>Releases what sounds and closes the file.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _lane?.Silence();
        Step(_time.StampOf(_frame + Frames));
        _stream.Dispose();
        if (_status.Value.State != DeviceState.Failed)
        {
            _status.Set(DeviceState.Finished, "is closed");
        }
    }

    private static short Sample(float value) => (short)Math.Round(Math.Clamp(value, -1f, 1f) * short.MaxValue);

    private bool Write(int count)
    {
        if (_written + count > MostBytes)
        {
            _status.Set(DeviceState.Failed, "is full: a WAV file holds 4 GiB");
            return false;
        }

        try
        {
            _stream.Position = HeaderBytes + _written;
            _stream.Write(_bytes.AsSpan(0, count));
            _written += count;
            return true;
        }
        catch (IOException exception)
        {
            _status.Set(DeviceState.Failed, $"cannot be written any more: {exception.Message.TrimEnd('.')}");
            return false;
        }
    }

    /// <summary>Takes into the header what was written; one write, so that it is never half done.</summary>
    private void WriteHeader()
    {
        MakeHeader();
        try
        {
            _stream.Position = 0;
            _stream.Write(_header);
        }
        catch (IOException exception)
        {
            _status.Set(DeviceState.Failed, $"cannot be written any more: {exception.Message.TrimEnd('.')}");
        }
    }

    private void MakeHeader()
    {
        const int Channels = 2;
        const int Pcm = 1;
        Span<byte> header = _header;
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)(HeaderBytes - 8 + _written));
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], Pcm);
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], Channels);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], SampleRate * FrameBytes);
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], FrameBytes);
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], 16);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], (uint)_written);
    }
}

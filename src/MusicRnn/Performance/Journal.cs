using System.IO.MemoryMappedFiles;
using System.Numerics;
using System.Text;

namespace MusicRnn.Performance;

/// <summary>
/// What is played, written down as it is played: every event in and out of the improviser, in a file that outlives a kill. The
/// improviser's thread only writes to mapped memory; a timer makes room ahead of it, so that it never waits for a disk. Each
/// record carries a checksum, so that reading ends at the last whole one.
/// </summary>
/// <remarks>
/// The file: a page with mark, lengths and the stamp that was come to; the <see cref="TakeHeader"/> as text, up to a full
/// page; then records of 32 bytes: stamp 8, value 8, parameter 4, way 1, kind 1, message 3, spare 3, checksum 4, little-endian.
/// </remarks>
public sealed unsafe class Journal : IOutputSink, IDisposable
{
    internal const long Mark = 0x314C_4E4A_4E52_4D00; // "\0MRNJNL1"
    internal const int Page = 4096;
    internal const int MarkOffset = 0;
    internal const int HeaderLengthOffset = 8;
    internal const int HeaderChecksumOffset = 12;
    internal const int ReachedOffset = 16;

    private const int WindowSize = 1 << 20; // 32 768 records: ten minutes of dense playing
    private static readonly TimeSpan MaintenancePeriod = TimeSpan.FromSeconds(0.5);

    private readonly FileStream _file;
    private readonly Window _first;
    private readonly Lock _maintaining = new();
    private readonly Timer _timer;
    private readonly long _records; // offset of the first record
    private Window _current;
    private Window? _next;
    private Window? _past;
    private long _windows; // windows mapped so far
    private long _dropped;
    private long _written;
    private int _at; // in the current window
    private bool _disposed;

    private Journal(FileStream file, byte[] header)
    {
        _file = file;
        _records = Page + ((header.Length + Page - 1) / Page * Page);
        Extend(_records);
        _first = new Window(file, 0, (int)_records);
        header.CopyTo(new Span<byte>(_first.Bytes + Page, header.Length));
        *(int*)(_first.Bytes + HeaderLengthOffset) = header.Length;
        *(uint*)(_first.Bytes + HeaderChecksumOffset) = Checksum(header, 0);
        Volatile.Write(ref *(long*)(_first.Bytes + MarkOffset), Mark);
        _current = MapNext();
        _next = MapNext();
        _timer = new Timer(static journal => ((Journal)journal!).Maintain(), this, MaintenancePeriod, MaintenancePeriod);
    }

    /// <summary>How many events were not written, because no room could be made in time or at all.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Why no more room can be made, as on a full disk; null while it can.</summary>
    public string? Fault { get; private set; }

    /// <summary>The file.</summary>
    public string Path => _file.Name;

    /// <summary>Begins a journal.</summary>
    /// <param name="path">The file, which must not exist.</param>
    /// <param name="header">How the performance begins.</param>
    /// <exception cref="IOException">It exists, or cannot be written.</exception>
    public static Journal Create(string path, TakeHeader header)
    {
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1);
        try
        {
            return new Journal(file, Encoding.UTF8.GetBytes(string.Join('\n', header.ToLines())));
        }
        catch
        {
            file.Dispose();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Writes an event that the improviser takes in. [improviser-thread] allocates nothing, locks nothing, waits for nothing.</summary>
    public void Write(in InputEvent input) => Write(new JournalRecord
    {
        Stamp = input.Stamp,
        Value = input.Value,
        Parameter = input.Parameter,
        Way = JournalRecord.In,
        Kind = (byte)input.Kind,
        Status = input.Message.Status,
        Data1 = input.Message.Data1,
        Data2 = input.Message.Data2,
    });

    /// <summary>Writes an event that the improviser gives out. [improviser-thread] allocates nothing, locks nothing, waits for nothing.</summary>
    public void Emit(in OutputEvent output) => Write(new JournalRecord
    {
        Stamp = output.Stamp,
        Way = JournalRecord.Out,
        Kind = (byte)output.Kind,
        Status = output.Message.Status,
        Data1 = output.Message.Data1,
        Data2 = output.Message.Data2,
    });

    /// <summary>Says that the performance has come to a stamp. [improviser-thread] allocates nothing, locks nothing, waits for nothing.</summary>
    public void Reach(long stamp) => Volatile.Write(ref *(long*)(_first.Bytes + ReachedOffset), stamp);

    /// <summary>Makes room ahead. Done by a timer; not on the improviser's thread.</summary>
    public void Maintain()
    {
        lock (_maintaining)
        {
            if (_disposed)
            {
                return;
            }

            Interlocked.Exchange(ref _past, null)?.Dispose();
            if (Volatile.Read(ref _next) is not null)
            {
                return;
            }

            try
            {
                Volatile.Write(ref _next, MapNext());
                Fault = null;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Fault = exception.Message;
            }
        }
    }

    /// <summary>Ends the journal: its file keeps what was written and nothing else. After the improviser's thread has stopped.</summary>
    public void Dispose()
    {
        lock (_maintaining)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _timer.Dispose();
            _first.Dispose();
            _current.Dispose();
            _next?.Dispose();
            _past?.Dispose();
            _file.SetLength(_records + (_written * sizeof(JournalRecord)));
            _file.Dispose();
        }
    }

    /// <summary>CRC-32C of bytes, begun with a number.</summary>
    internal static uint Checksum(ReadOnlySpan<byte> bytes, uint from)
    {
        uint checksum = ~from;
        foreach (byte value in bytes)
        {
            checksum = BitOperations.Crc32C(checksum, value);
        }

        return ~checksum;
    }

    private void Write(JournalRecord record)
    {
        if (_at == WindowSize)
        {
            Window? next = Volatile.Read(ref _next);
            if (next is null || Volatile.Read(ref _past) is not null)
            {
                Volatile.Write(ref _dropped, _dropped + 1);
                return;
            }

            Volatile.Write(ref _past, _current);
            _current = next;
            _at = 0;
            Volatile.Write(ref _next, null);
        }

        JournalRecord* place = (JournalRecord*)(_current.Bytes + _at);
        *place = record; // its checksum is 0 still, and wrong
        Volatile.Write(ref place->Checksum, record.ComputeChecksum(_written));
        _at += sizeof(JournalRecord);
        _written++;
    }

    private Window MapNext()
    {
        long offset = _records + (_windows * WindowSize);
        Extend(offset + WindowSize);
        _windows++;
        return new Window(_file, offset, WindowSize);
    }

    /// <summary>Lengthens the file by writing, not by setting its length: a hole that the disk has no room for would kill whoever writes to it.</summary>
    private void Extend(long length)
    {
        byte[] zeros = new byte[64 * 1024];
        long before = _file.Length;
        long at = before;
        try
        {
            while (at < length)
            {
                int count = (int)Math.Min(zeros.Length, length - at);
                RandomAccess.Write(_file.SafeFileHandle, zeros.AsSpan(0, count), at);
                at += count;
            }
        }
        catch (IOException)
        {
            _file.SetLength(before); // what was written in vain
            throw;
        }
    }

    /// <summary>A stretch of the file in memory.</summary>
    private sealed class Window : IDisposable
    {
        private readonly MemoryMappedFile _mapping;
        private readonly MemoryMappedViewAccessor _view;

        public Window(FileStream file, long offset, int size)
        {
            _mapping = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
            _view = _mapping.CreateViewAccessor(offset, size);
            byte* bytes = null;
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref bytes);
            Bytes = bytes + _view.PointerOffset;
            for (int page = 0; page < size; page += Page)
            {
                Volatile.Write(ref Bytes[page], Bytes[page]); // faults now, and not while playing
            }
        }

        public byte* Bytes { get; }

        public void Dispose()
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _mapping.Dispose();
        }
    }
}

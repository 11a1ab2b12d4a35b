using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace MusicRnn.Performance;

/// <summary>
/// Which notes of the machine and of the player sound at a receiver, whether the machine's pedal may be down, and which levers
/// the player holds. In a memory-mapped file it outlives even a kill: the next start opens it and releases what was left. A note is entered before it is sent, marked when its end
/// is handed to the device, and struck out when that is known to have been sent: the ledger never says less than what sounds.
/// </summary>
/// <remarks>One thread at a time changes it: the output's. Others may ask <see cref="IsSilent"/>.</remarks>
public sealed unsafe class NoteLedger : IDisposable
{
    private const int Keys = 16 * 128;
    private const int PlayerNotes = Keys + 16; // the first entry of the player's notes
    private const int PlayerLevers = PlayerNotes + Keys; // and of the player's levers
    private const int Entries = PlayerLevers + (16 * Lever.Count);
    private const int Size = 8192; // two pages
    private const int CountOffset = 16;
    private const int KeyOffset = 64; // [Entries] bytes: the machine's notes and pedals, the player's notes and levers
    private const byte Sounds = 1; // for a pedal: pressed, or a note was sent since it was lifted
    private const byte Ending = 2; // its end is handed over, and may not have reached the receiver yet
    private const long Magic = 0x31_47_44_4c_4e_52_4d_00; // "\0MRNLDG1"
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly byte* _page;
    private readonly long[] _endStamps = new long[Entries]; // when the end of an entry was due
    private readonly int[] _ending = new int[Entries]; // the entries whose end may not have been sent yet
    private readonly bool[] _isListed = new bool[Entries]; // whether an entry is among them
    private int _endingCount;
    private bool _disposed;

    /// <summary>Makes a ledger in native memory, for an output that dies with the process: the synthesiser.</summary>
    public NoteLedger() => _page = (byte*)NativeMemory.AllocZeroed(Size);

    private NoteLedger(FileStream stream)
    {
        stream.SetLength(Size);
        _file = MemoryMappedFile.CreateFromFile(stream, null, Size, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, Size);
        byte* page = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref page);
        _page = page;
        if (*(long*)_page != Magic)
        {
            new Span<byte>(_page, Size).Clear();
            *(long*)_page = Magic;
        }

        // What was ending when the process ended may sound still; the count may be a write behind.
        Span<byte> entries = new(_page + KeyOffset, Entries);
        entries.Replace(Ending, Sounds);
        *Count = Entries - entries.Count((byte)0);
    }

    /// <summary>Releases the native memory.</summary>
    ~NoteLedger() => Release();

    /// <summary>Whether no note sounds, nothing is held down, and every end is known to have been sent. Any thread may ask.</summary>
    public bool IsSilent => Volatile.Read(ref *Count) == 0;

    private int* Count => (int*)(_page + CountOffset);

    /// <summary>Opens the ledger of an earlier run, or makes it. A file that is not a ledger is overwritten.</summary>
    /// <param name="path">The file: best in <c>XDG_RUNTIME_DIR</c> or <c>/dev/shm</c>, where it costs no disk access.</param>
    /// <exception cref="IOException">Another process holds it, or it cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static NoteLedger Open(string path) => new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));

    /// <summary>The entry of a note of the machine.</summary>
    internal static int NoteEntry(int channel, int pitch) => (channel * 128) + pitch;

    /// <summary>The entry of the pedal of a channel of the machine: it is down, or a note was sent since it was lifted.</summary>
    internal static int PedalEntry(int channel) => Keys + channel;

    /// <summary>The entry of a note of the player.</summary>
    internal static int PlayerNoteEntry(int channel, int pitch) => PlayerNotes + (channel * 128) + pitch;

    /// <summary>The entry of a <see cref="Lever"/> that the player holds.</summary>
    internal static int PlayerLeverEntry(int channel, int lever) => PlayerLevers + (channel * Lever.Count) + lever;

    /// <summary>Whether an entry sounds and its end is not handed over. [output-thread] allocates nothing, locks nothing, logs nothing.</summary>
    internal bool IsSounding(int entry) => _page[KeyOffset + entry] == Sounds;

    /// <summary>Enters a note, pedal or lever, before it is sent. [output-thread] allocates nothing, locks nothing, logs nothing.</summary>
    internal void Enter(int entry)
    {
        ref byte state = ref _page[KeyOffset + entry];
        if (state == 0)
        {
            Volatile.Write(ref *Count, *Count + 1);
        }

        Volatile.Write(ref state, Sounds);
    }

    /// <summary>Marks an entry whose end, due at a stamp, is handed to the device. [output-thread] allocates nothing, locks nothing, logs nothing.</summary>
    internal void End(int entry, long stamp)
    {
        Volatile.Write(ref _page[KeyOffset + entry], Ending);
        _endStamps[entry] = stamp;
        if (!_isListed[entry])
        {
            _isListed[entry] = true;
            _ending[_endingCount++] = entry;
        }
    }

    /// <summary>Strikes out what ended before a stamp: those ends have been sent. [output-thread] allocates nothing, locks nothing, logs nothing.</summary>
    internal void Confirm(long before)
    {
        int kept = 0;
        for (int i = 0; i < _endingCount; i++)
        {
            int entry = _ending[i];
            ref byte state = ref _page[KeyOffset + entry];
            if (state == Ending && _endStamps[entry] >= before)
            {
                _ending[kept++] = entry;
                continue;
            }

            _isListed[entry] = false;
            if (state == Ending) // it may have been struck again since
            {
                Volatile.Write(ref state, (byte)0);
                Volatile.Write(ref *Count, *Count - 1);
            }
        }

        _endingCount = kept;
    }

    /// <summary>The next sounding entry at or after one and before another, or -1. [output-thread] allocates nothing, locks nothing, logs nothing.</summary>
    internal int NextSounding(int entry, int end)
    {
        int found = new ReadOnlySpan<byte>(_page + KeyOffset + entry, end - entry).IndexOf(Sounds);
        return found < 0 ? -1 : entry + found;
    }

    /// <summary>Closes the file; it stays for the next start. The output's thread must have stopped.</summary>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (_view is null)
        {
            NativeMemory.Free(_page);
            return;
        }

        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file!.Dispose();
    }
}

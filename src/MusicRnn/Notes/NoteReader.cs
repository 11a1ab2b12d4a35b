using MusicRnn.Midi;

namespace MusicRnn.Notes;

/// <summary>
/// Makes notes of messages, in the order of time. All channels that are read play one keyboard and one sustain pedal: a key
/// is down while any channel holds it, and struck again while it is down it is a new note that ends the old one.
/// </summary>
public sealed class NoteReader
{
    /// <summary>Every channel but the tenth, which is drums in General MIDI: bit c stands for channel c (0-15).</summary>
    public const ushort AllButDrums = 0xFFFF & ~(1 << 9);

    private const int PedalDown = 64;

    private readonly List<Note> _notes = [];
    private readonly List<PedalChange> _pedal = [];
    private readonly HeldKey[] _keys = new HeldKey[128];
    private readonly ushort _channels;
    private ushort _pedalHolders;
    private long _time;

    /// <summary>Starts with every key and the pedal up.</summary>
    /// <param name="channels">The channels to read: bit c stands for channel c (0-15).</param>
    public NoteReader(ushort channels = AllButDrums) => _channels = channels;

    /// <summary>Takes the next message.</summary>
    /// <param name="time">Nanoseconds from the start of the piece, 0 or later; an earlier time than the last message's counts as that.</param>
    /// <param name="message">Any channel message.</param>
    public void Receive(long time, MidiMessage message)
    {
        ushort channel = (ushort)(1 << message.Channel);
        if ((_channels & channel) == 0)
        {
            return;
        }

        _time = Math.Max(_time, time);
        if (message.IsNoteOn)
        {
            Press(message.Data1, message.Data2, channel);
        }
        else if (message.IsNoteOff)
        {
            Release(message.Data1, channel);
        }
        else if (message.Kind == MidiKind.ControlChange)
        {
            ReceiveControl(message.Data1, message.Data2, channel);
        }
    }

    /// <summary>The piece so far, with the keys that are down released at its end. The reader goes on from where it was.</summary>
    /// <param name="end">When the piece ends, in nanoseconds; not before the last message.</param>
    public Piece ToPiece(long end = 0)
    {
        end = Math.Max(end, _time);
        var notes = new List<Note>(_notes);
        for (int pitch = 0; pitch < _keys.Length; pitch++)
        {
            if (_keys[pitch].Holders != 0)
            {
                notes.Add(_keys[pitch].ToNote(pitch, end));
            }
        }

        notes.Sort(static (a, b) => a.Onset != b.Onset ? a.Onset.CompareTo(b.Onset) : a.Pitch.CompareTo(b.Pitch));
        return new Piece(notes, [.. _pedal]);
    }

    /// <summary>Reads the notes of a MIDI file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="channels">The channels to read: bit c stands for channel c (0-15).</param>
    /// <param name="track">The only track to read, from 0; -1 for all.</param>
    public static Piece Read(MidiFile file, ushort channels = AllButDrums, int track = -1)
    {
        var reader = new NoteReader(channels);
        foreach (TrackMessage item in file.Messages)
        {
            if (track < 0 || item.Track == track)
            {
                reader.Receive(item.Time, item.Message);
            }
        }

        return reader.ToPiece(file.Duration);
    }

    private void Press(int pitch, byte velocity, ushort channel)
    {
        ref HeldKey key = ref _keys[pitch];
        if (key.Velocity > 0 && key.Onset == _time)
        {
            // Two voices strike one key at one time: one note, as loud as the louder, also where the first let go at once.
            if (key.Holders == 0)
            {
                _notes.RemoveAt(_notes.FindLastIndex(note => note.Pitch == pitch));
            }

            key.Velocity = Math.Max(key.Velocity, velocity);
            key.Holders |= channel;
            return;
        }

        if (key.Holders != 0)
        {
            _notes.Add(key.ToNote(pitch, _time));
        }

        key = new HeldKey { Onset = _time, Velocity = velocity, Holders = (ushort)(key.Holders | channel) };
    }

    private void Release(int pitch, ushort channel)
    {
        ref HeldKey key = ref _keys[pitch];
        if ((key.Holders & channel) == 0)
        {
            return;
        }

        key.Holders &= (ushort)~channel;
        if (key.Holders == 0)
        {
            _notes.Add(key.ToNote(pitch, _time));
        }
    }

    private void ReceiveControl(int controller, int value, ushort channel)
    {
        switch (controller)
        {
            case Controller.Sustain:
                MovePedal(value >= PedalDown ? (ushort)(_pedalHolders | channel) : (ushort)(_pedalHolders & ~channel));
                break;
            case Controller.ResetAllControllers:
                MovePedal((ushort)(_pedalHolders & ~channel));
                break;
            case Controller.AllSoundOff or >= Controller.AllNotesOff: // 124-127 change the mode, and release every note too.
                for (int pitch = 0; pitch < _keys.Length; pitch++)
                {
                    Release(pitch, channel);
                }

                break;
            default:
                break;
        }
    }

    private void MovePedal(ushort holders)
    {
        if (holders == 0 != (_pedalHolders == 0))
        {
            _pedal.Add(new PedalChange(_time, holders != 0));
        }

        _pedalHolders = holders;
    }

    private struct HeldKey
    {
        public long Onset;
        public byte Velocity; // 0 before the first note
        public ushort Holders; // bit c: channel c holds the key

        public readonly Note ToNote(int pitch, long release) => new(Onset, Math.Max(1, release - Onset), (byte)pitch, Velocity);
    }
}

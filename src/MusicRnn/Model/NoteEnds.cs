namespace MusicRnn.Model;

/// <summary>Which of the notes just past have ended by the onset of the newest, and how long they were held.</summary>
internal sealed class NoteEnds
{
    private readonly byte[] _rows = new byte[AttentionTensors.Past]; // of durations, a ring by note number
    private readonly long[] _number = new long[NoteEncoding.Pitches]; // of each key's last note, from 1
    private readonly long[] _onset = new long[NoteEncoding.Pitches]; // its frame
    private readonly long[] _release = new long[NoteEncoding.Pitches]; // the frame its key came up in, where _up has its bit
    private UInt128 _sounding; // keys whose last note has not ended
    private UInt128 _up; // keys that came up since: at the next onset their notes have ended
    private long _notes;

    /// <summary>The row of <see cref="AttentionTensors.ValueDuration"/> that a note has as of the newest's onset. [improviser-thread] allocates nothing, locks nothing.</summary>
    /// <param name="back">How many notes before the newest it is, from 0; less than <see cref="AttentionTensors.Past"/>.</param>
    public byte RowOf(int back) => _rows[(_notes - back) % AttentionTensors.Past];

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _sounding = _up = 0;
        _notes = 0;
    }

    /// <summary>Becomes a copy. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void CopyFrom(NoteEnds other)
    {
        other._rows.CopyTo(_rows, 0);
        other._number.CopyTo(_number, 0);
        other._onset.CopyTo(_onset, 0);
        other._release.CopyTo(_release, 0);
        _sounding = other._sounding;
        _up = other._up;
        _notes = other._notes;
    }

    /// <summary>A key comes up. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void Release(int pitch, long frame)
    {
        _release[pitch] = frame;
        _up |= UInt128.One << pitch;
    }

    /// <summary>A key that came up is down again without a note: somebody else holds it, and what it played goes on. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void Resume(int pitch) => _up &= ~(UInt128.One << pitch);

    /// <summary>A note is struck. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void Add(int pitch, long frame)
    {
        UInt128 struck = UInt128.One << pitch;
        for (UInt128 left = _sounding & (_up | struck); left != 0; left &= left - 1)
        {
            int key = (int)UInt128.TrailingZeroCount(left);
            UInt128 bit = UInt128.One << key;
            long release = (_up & bit) != 0 ? _release[key] : frame;
            if (release > frame && key != pitch)
            {
                continue; // it is not up yet: a key is down for a frame at least, and more notes may be struck in it
            }

            _sounding &= ~bit;
            _up &= ~bit;
            if (_notes - _number[key] < AttentionTensors.Past)
            {
                _rows[_number[key] % AttentionTensors.Past] = (byte)AttentionTensors.DurationRow(_onset[key], release, frame);
            }
        }

        _notes++;
        _rows[_notes % AttentionTensors.Past] = AttentionTensors.SoundingRow;
        _number[pitch] = _notes;
        _onset[pitch] = frame;
        _sounding |= struck;
        _up &= ~struck;
    }
}

namespace MusicRnn.Model;

/// <summary>
/// The music around a note, as far as the network is told of it: the keys that are down, those released since the note
/// before, the recent notes, and what the music repeats. Playing and training ask the same code.
/// </summary>
public sealed class NoteContext
{
    /// <summary>The most rows that a note's input has.</summary>
    public const int MostRows = 5 + MostSounding + (3 * MostReleased) + 2;

    /// <summary>Levels that the past has for the next pitch: four lanes, each with one for every pitch.</summary>
    public const int VoteCount = 4 * NoteEncoding.Pitches;

    private const int MostSounding = 24;
    private const int MostReleased = 12;
    private const int LongestMemory = 32; // notes back that a neighbour may lie
    private const int LongRepeat = 8;
    private const int FirstRecent = 2 * NoteEncoding.Pitches; // where a lane begins among the votes
    private const int FirstFrequent = 3 * NoteEncoding.Pitches;
    private const byte NoPitch = byte.MaxValue;

    private readonly long[] _onset = new long[NoteEncoding.Pitches]; // frame of each key's last onset
    private readonly long[] _release = new long[NoteEncoding.Pitches]; // frame of its release, where the key is up
    private readonly long[] _number = new long[NoteEncoding.Pitches]; // the note's number, from 1; 0 if the key was not struck yet
    private readonly byte[] _level = new byte[NoteEncoding.Pitches]; // its velocity level
    private readonly byte[] _steps = new byte[RepeatFinder.Lags]; // step bins, a ring by note number
    private readonly byte[] _levels = new byte[RepeatFinder.Lags]; // velocity levels, so too
    private readonly ushort[] _held = new ushort[RepeatFinder.Lags]; // durations in frames, so too; 0 while the key is down
    private readonly byte[] _votes = new byte[VoteCount]; // four lanes by pitch index
    private readonly ushort[] _lags = new ushort[2 * NoteEncoding.Pitches];
    private readonly RecentCounts _classesOfLate = new(12, 0.99, 1); // pitch classes: half is forgotten after 69 notes
    private readonly RecentCounts _stepsOfLate = MakeTimes();
    private readonly RecentCounts _durationsOfLate = MakeTimes();
    private readonly RepeatFinder _pitches = new();
    private readonly RepeatFinder _intervals = new();
    private UInt128 _down;
    private UInt128 _released; // since the last note
    private long _frame; // of the last note

    /// <summary>The number of notes heard.</summary>
    public long Notes { get; private set; }

    /// <summary>Bit k is set while key k, a pitch index, is down.</summary>
    public UInt128 Down => _down;

    /// <summary>What the music repeats after the last note.</summary>
    public Repeat Repeat { get; private set; } = Repeat.None;

    /// <summary>
    /// What the past says of each pitch index as the next, in levels 0-15, [4, 88]: how well the best place agrees that expects it, at the
    /// same pitch; so too for music that moved; how lately it was struck; how often its pitch class came.
    /// </summary>
    public ReadOnlySpan<byte> Votes => _votes;

    /// <summary>How often each step bin came of late, in levels 0-15, [<see cref="Grid.Bins"/>].</summary>
    public ReadOnlySpan<byte> StepLevels => _stepsOfLate.Levels;

    /// <summary>How often each duration bin came of late, of the keys that were up at the last note, in levels 0-15, [<see cref="Grid.Bins"/>].</summary>
    public ReadOnlySpan<byte> DurationLevels => _durationsOfLate.Levels;

    /// <summary>Which of the notes just past have ended.</summary>
    internal NoteEnds Ends { get; } = new();

    /// <summary>How many of the last notes were what a place expected that agrees in eight or more: one more for each, half for one that is not.</summary>
    public int Followed { get; private set; }

    /// <summary>The frame of a key's last onset.</summary>
    public long Onset(int pitch) => _onset[pitch];

    /// <summary>The pitch index of a note so many back, 0-7; -1 where there is none.</summary>
    public int Recent(int back) => _pitches[back] is var pitch && pitch == NoPitch ? -1 : pitch;

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        _number.AsSpan().Clear();
        _classesOfLate.Clear();
        _stepsOfLate.Clear();
        _durationsOfLate.Clear();
        _pitches.Clear();
        _intervals.Clear();
        Ends.Clear();
        _votes.AsSpan().Clear();
        _down = _released = 0;
        _frame = Notes = Followed = 0;
        Repeat = Repeat.None;
    }

    /// <summary>Becomes a copy. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void CopyFrom(NoteContext other)
    {
        other._onset.CopyTo(_onset, 0);
        other._release.CopyTo(_release, 0);
        other._number.CopyTo(_number, 0);
        other._level.CopyTo(_level, 0);
        other._steps.CopyTo(_steps, 0);
        other._levels.CopyTo(_levels, 0);
        other._held.CopyTo(_held, 0);
        other._votes.CopyTo(_votes, 0);
        other._lags.CopyTo(_lags, 0);
        _classesOfLate.CopyFrom(other._classesOfLate);
        _stepsOfLate.CopyFrom(other._stepsOfLate);
        _durationsOfLate.CopyFrom(other._durationsOfLate);
        _pitches.CopyFrom(other._pitches);
        _intervals.CopyFrom(other._intervals);
        Ends.CopyFrom(other.Ends);
        _down = other._down;
        _released = other._released;
        _frame = other._frame;
        Notes = other.Notes;
        Followed = other.Followed;
        Repeat = other.Repeat;
    }

    /// <summary>A key comes up. [improviser-thread] allocates nothing, locks nothing.</summary>
    /// <param name="pitch">Its pitch index.</param>
    /// <param name="frame">In which frame; a key is down for a frame at least.</param>
    public void Release(int pitch, long frame)
    {
        UInt128 bit = UInt128.One << pitch;
        if ((_down & bit) != 0)
        {
            _down &= ~bit;
            _released |= bit;
            _release[pitch] = Math.Max(frame, _onset[pitch] + 1);
            Ends.Release(pitch, _release[pitch]);
            if (_number[pitch] > 0)
            {
                _held[_number[pitch] % RepeatFinder.Lags] = (ushort)Math.Min(_release[pitch] - _onset[pitch], ushort.MaxValue);
            }
        }
    }

    /// <summary>A key is down that nothing else is known of: what it played was forgotten.</summary>
    public void Resume(int pitch, long onset)
    {
        UInt128 bit = UInt128.One << pitch;
        _down |= bit;
        _released &= ~bit;
        _onset[pitch] = onset;
        _number[pitch] = 0;
        Ends.Resume(pitch);
    }

    /// <summary>Hears a note at its onset. [improviser-thread] allocates nothing, locks nothing.</summary>
    /// <param name="step">Frames since the note before, or <see cref="NoteInput.Start"/>.</param>
    /// <param name="pitch">Its pitch index.</param>
    /// <param name="level">Its velocity level.</param>
    /// <param name="pedalDown">Whether the pedal is down.</param>
    /// <param name="frame">The frame, on the same count as those of releases.</param>
    /// <param name="rows">The rows of <see cref="InputTable"/> whose sum the LSTM reads, [<see cref="MostRows"/>].</param>
    /// <returns>How many rows.</returns>
    public int Hear(int step, int pitch, int level, bool pedalDown, long frame, Span<ushort> rows)
    {
        Release(pitch, frame); // struck again while it sounds: the one before is over
        rows[0] = InputTable.Step.Row(NoteEncoding.StepRow(step));
        rows[1] = InputTable.Pitch.Row(pitch);
        rows[2] = InputTable.Velocity.Row(level);
        rows[3] = InputTable.Pedal.Row(pedalDown ? 1 : 0);
        rows[4] = InputTable.Interval.Row(NoteEncoding.IntervalRow(Recent(0), pitch));
        int count = 5, last = count + MostSounding;
        for (UInt128 left = _down; left != 0 && count < last; left &= left - 1)
        {
            int key = (int)UInt128.TrailingZeroCount(left);
            rows[count++] = InputTable.Sounding.Row(NoteEncoding.SoundingRow(key, frame - _onset[key]));
        }

        last = count + (3 * MostReleased);
        for (UInt128 left = _released; left != 0; left &= left - 1)
        {
            int key = (int)UInt128.TrailingZeroCount(left);
            long held = _release[key] - _onset[key];
            _durationsOfLate.Add(Grid.BinOf(held));
            if (count == last)
            {
                continue;
            }

            rows[count++] = InputTable.Released.Row(NoteEncoding.ReleasedRow(key, held));
            rows[count++] = InputTable.Held.Row(Grid.BinOf(held));
            rows[count++] = InputTable.Ago.Row(Grid.BinOf(Math.Max(0, frame - _release[key])));
        }

        _released = 0;
        Ends.Add(pitch, frame);
        Remember(step, pitch, level, frame);
        rows[count++] = InputTable.RepeatedPitch.Row(Repeat.PitchRow);
        rows[count++] = InputTable.RepeatedStep.Row(Repeat.StepRow);
        return count;
    }

    /// <summary>The recent notes nearest to a pitch, as they stood at the last note's onset. [improviser-thread] allocates nothing, locks nothing.</summary>
    /// <param name="pitch">A pitch index.</param>
    public Neighbours NeighboursOf(int pitch)
    {
        Neighbours none = Neighbours.None, found = none;
        for (int distance = 0; distance <= Neighbours.Farthest; distance++)
        {
            if (IsRecent(pitch - distance))
            {
                int key = pitch - distance;
                bool isUp = IsUp(key, out long frames);
                found = found with
                {
                    VelocityBelow = found.VelocityBelow == none.VelocityBelow ? Neighbours.VelocityRow(0, distance, _level[key]) : found.VelocityBelow,
                    HeldBelow = isUp && found.HeldBelow == none.HeldBelow ? Neighbours.DurationRow(0, distance, frames) : found.HeldBelow,
                    Sounding = !isUp && found.Sounding == none.Sounding ? Neighbours.DurationRow(2, distance, frames) : found.Sounding,
                };
            }

            if (distance > 0 && IsRecent(pitch + distance))
            {
                int key = pitch + distance;
                bool isUp = IsUp(key, out long frames);
                found = found with
                {
                    VelocityAbove = found.VelocityAbove == none.VelocityAbove ? Neighbours.VelocityRow(1, distance, _level[key]) : found.VelocityAbove,
                    HeldAbove = isUp && found.HeldAbove == none.HeldAbove ? Neighbours.DurationRow(1, distance, frames) : found.HeldAbove,
                    Sounding = !isUp && found.Sounding == none.Sounding ? Neighbours.DurationRow(2, distance, frames) : found.Sounding,
                };
            }
        }

        if (_votes[pitch] == 0)
        {
            return found;
        }

        long place = Notes + 1 - _lags[pitch]; // the number of the note that stands where one of this pitch is expected
        bool isHeldKnown = place != _number[pitch] || IsUp(pitch, out _);
        int at = (int)(place % RepeatFinder.Lags);
        return found with
        {
            VelocityRepeated = Neighbours.RepeatedVelocityRow(_votes[pitch], _levels[at]),
            HeldRepeated = isHeldKnown ? Neighbours.RepeatedDurationRow(_votes[pitch], _held[at]) : none.HeldRepeated,
        };
    }

    private bool IsRecent(int pitch) => (uint)pitch < NoteEncoding.Pitches && _number[pitch] > 0 && Notes - _number[pitch] < LongestMemory;

    /// <summary>Whether a key was up at the last note's onset, and how long it was held; else how long it had been.</summary>
    private bool IsUp(int pitch, out long frames)
    {
        bool isUp = (_down >> pitch & 1) == 0 && _release[pitch] <= _frame;
        frames = (isUp ? _release[pitch] : _frame) - _onset[pitch];
        return isUp;
    }

    private void Remember(int step, int pitch, int level, long frame)
    {
        Followed = Repeat.Length >= LongRepeat && Repeat.Pitch == pitch ? Followed + 1 : Followed / 2;
        int previous = Recent(0);
        _pitches.Add((byte)pitch);
        if (previous >= 0)
        {
            _intervals.Add((byte)(pitch - previous + NoteEncoding.Pitches));
        }

        _classesOfLate.Add(pitch % 12);
        Notes++;
        int place = (int)(Notes % RepeatFinder.Lags);
        _steps[place] = (byte)Grid.BinOf(Math.Max(0, step));
        _levels[place] = (byte)level;
        _held[place] = 0;
        _onset[pitch] = frame;
        _number[pitch] = Notes;
        _level[pitch] = (byte)level;
        _down |= UInt128.One << pitch;
        _frame = frame;
        Repeat = FindRepeat(pitch);
        Recollect();
        if (step >= 0)
        {
            _stepsOfLate.Add(Grid.BinOf(step));
        }

        _stepsOfLate.Weigh();
        _durationsOfLate.Weigh();
    }

    /// <summary>How lately each pitch was struck, and how often its class came.</summary>
    private void Recollect()
    {
        _classesOfLate.Weigh();
        for (int pitch = 0; pitch < NoteEncoding.Pitches; pitch++)
        {
            _votes[FirstRecent + pitch] = _number[pitch] == 0 ? (byte)0 : NoteEncoding.RecencyLevel(Notes - _number[pitch]);
            _votes[FirstFrequent + pitch] = _classesOfLate.Levels[pitch % 12];
        }
    }

    // Half is forgotten after 14 times; and no player is exact.
    private static RecentCounts MakeTimes() => new(Grid.Bins, 0.95, 1, 0.5, 0.25);

    private Repeat FindRepeat(int pitch)
    {
        _pitches.Vote(0, _votes.AsSpan(0, NoteEncoding.Pitches), _lags);
        _intervals.Vote(pitch - NoteEncoding.Pitches, _votes.AsSpan(NoteEncoding.Pitches, NoteEncoding.Pitches), _lags.AsSpan(NoteEncoding.Pitches));
        int length = _pitches.Agreement, movedLength = _intervals.Agreement;
        int moved = movedLength == 0 ? 0 : pitch + _intervals[_intervals.Lag - 1] - NoteEncoding.Pitches;
        if (length == 0 && movedLength == 0)
        {
            return Repeat.None;
        }

        int lag = length >= movedLength ? _pitches.Lag : _intervals.Lag;
        int stepBin = _steps[(Notes + 1 - lag) % RepeatFinder.Lags];
        return new Repeat(
            length == 0 ? (byte)0 : _pitches[_pitches.Lag - 1], (byte)length, (byte)moved, (byte)movedLength,
            (ushort)Repeat.StepRowOf(Math.Max(length, movedLength), stepBin));
    }
}

namespace MusicRnn.Performance;

/// <summary>The notes of an answer that were heard, the latest 1024 of them, to be played again.</summary>
internal sealed class AnswerRecording
{
    private const int Capacity = 1024;
    private readonly PlannedNote[] _notes = new PlannedNote[Capacity]; // a ring
    private int _first;

    /// <summary>The number of notes.</summary>
    public int Count { get; private set; }

    /// <summary>Frames from the first onset to where it begins again.</summary>
    public long Period { get; private set; }

    /// <summary>A note, by its place.</summary>
    public ref readonly PlannedNote this[int index] => ref _notes[(_first + index) % Capacity];

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _first = 0;
        Count = 0;
    }

    /// <summary>Adds a note that was heard.</summary>
    public void Add(in PlannedNote note)
    {
        if (Count == Capacity)
        {
            _first = (_first + 1) % Capacity;
            Count--;
        }

        _notes[(_first + Count++) % Capacity] = note;
    }

    /// <summary>Says in which frame the next note would have come.</summary>
    public void Finish(long nextFrame) => Period = Math.Max(nextFrame, this[Count - 1].Frame + 1) - this[0].Frame;
}

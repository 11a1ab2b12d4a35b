using MusicRnn.Model;

namespace MusicRnn.Performance;

/// <summary>Draws the machine's next note from the network, and places it in time.</summary>
internal sealed class NoteDraw(Predictor predictor, ParameterTable parameters, ulong seed)
{
    /// <summary>The shortest time that the machine holds a key, in nanoseconds.</summary>
    public const long ShortestNote = 1_000_000;

    private const int LargestChord = 12;
    private const long LongestStep = 60_000_000_000;
    private ulong _draws;

    /// <summary>Draws the note that follows: no earlier than asked, and none that would make a passage denser than pianists play. [improviser-thread] allocates nothing, locks nothing.</summary>
    /// <param name="memory">The music up to the note before.</param>
    /// <param name="timeline">The model's time against stamps.</param>
    /// <param name="floor">The stamp before which it must not be due.</param>
    /// <param name="latest">The stamp after which it must not be due; <see cref="long.MaxValue"/> for none.</param>
    /// <param name="chord">The number of notes that the machine has in the last note's chord.</param>
    /// <param name="pedalDown">Whether the machine's pedal is down after everything that is planned.</param>
    public PlannedNote Next(MusicalMemory memory, Timeline timeline, long floor, long latest, int chord, bool pedalDown)
    {
        long modelFloor = timeline.ToModel(floor);
        long longest = latest == long.MaxValue ? LongestStep : timeline.ToModel(Math.Max(latest, floor)) - memory.Time;
        long least = Math.Max(modelFloor, memory.DensestTime) - memory.Time;
        if (least <= Grid.Frame / 2)
        {
            least = 0; // the last note's chord may go on
        }

        SampledNote sampled = Sample(memory, least, Math.Max(least, longest), pedalDown);
        if (Grid.FrameOf(sampled.Step) == 0 && (sampled.Pitch <= memory.Pitch || chord >= LargestChord))
        {
            // Within a frame notes go from low to high, and a hand has an end: this one belongs to a chord of its own.
            least = Grid.Frame / 2;
            sampled = Sample(memory, least, Math.Max(least, longest), pedalDown);
        }

        return Place(sampled, memory, timeline, floor, modelFloor, pedalDown);
    }

    private SampledNote Sample(MusicalMemory memory, long least, long longest, bool pedalDown)
    {
        var options = new SamplingOptions(parameters.Unit(ParameterTable.Temperature), parameters.Unit(ParameterTable.TopP), least, longest);
        SampledNote note = predictor.Sample(memory.State, options, new NoteRandom(seed, _draws++), pedalDown);
        return note with { Step = Math.Clamp(note.Step, least, longest) };
    }

    private PlannedNote Place(in SampledNote sampled, MusicalMemory memory, Timeline timeline, long floor, long modelFloor, bool pedalDown)
    {
        long onset = Math.Max(memory.Time + sampled.Step, modelFloor);
        long stamp = Math.Max(timeline.ToStamp(onset), floor);
        long longest = (long)(parameters.Unit(ParameterTable.MaxNoteSeconds) * 1e9 / timeline.ScaleAt(stamp));
        long duration = Math.Clamp(sampled.Duration, ShortestNote, longest);
        long frame = Math.Max(Grid.FrameOf(onset), memory.Frame);
        var note = new PlannedNote
        {
            Onset = stamp,
            Off = Math.Max(timeline.ToStamp(onset + duration), stamp + ShortestNote),
            ModelOnset = onset,
            ModelDuration = duration,
            Frame = frame,
            ReleaseFrame = Math.Max(Grid.FrameOf(onset + duration), frame + 1),
            Pitch = sampled.Pitch,
            Velocity = sampled.Velocity,
            PedalDown = pedalDown,
        };
        PedalStep first = Step(sampled.PedalFirst, sampled.Pedal == PedalMove.Press);
        PedalStep second = Step(sampled.PedalSecond, true);
        switch (sampled.Pedal)
        {
            case PedalMove.Lift when pedalDown:
            case PedalMove.Press when !pedalDown:
                note.First = first;
                note.PedalDown = !pedalDown;
                break;
            case PedalMove.Change when pedalDown:
                note.First = first;
                note.Second = second;
                break;
            default:
                break; // the pedal is there already
        }

        return note;

        PedalStep Step(float fraction, bool down)
        {
            // Not in the last note's frame: there the pedal stood as it was fed.
            long earliest = Math.Min(Math.Max(modelFloor, Listener.EndOf(memory.Frame)), onset);
            long time = Math.Clamp(memory.Time + (long)(fraction * (double)(onset - memory.Time)), earliest, onset);
            return new PedalStep(true, Math.Clamp(timeline.ToStamp(time), Math.Min(floor, stamp), stamp), down);
        }
    }
}

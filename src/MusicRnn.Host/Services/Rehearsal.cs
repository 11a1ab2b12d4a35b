using MusicRnn.Midi;
using MusicRnn.Model;
using MusicRnn.Notes;
using MusicRnn.Performance;

namespace MusicRnn.Host.Services;

/// <summary>
/// A phrase that the instrument plays to itself, unheard and on a virtual clock: all that answers is compiled by it, for the first
/// answer would else be as late as the compiler takes.
/// </summary>
internal static class Rehearsal
{
    private static readonly NetworkShape Small = new(2, 64, 64, 64);

    /// <summary>Plays: a phrase, its answer, a knob turned within it, and giving way.</summary>
    /// <returns>How many notes the answer had.</returns>
    public static int Play()
    {
        const long Limit = 60_000_000_000;
        const long Second = 1_000_000_000;
        using Network network = Network.CreateRandom(Small, 1);
        using var performance = new VirtualPerformance(network, new ParameterTable(), new ImproviserSettings());
        foreach ((long time, MidiMessage message) in NoteWriter.ToMessages(SeedPhrase.Piece))
        {
            performance.Receive(InputEvent.Midi(time, message));
        }

        while (performance.Improviser.State != ImproviserState.Answering && performance.Now < Limit)
        {
            performance.Advance(performance.Now + (Second / 10));
        }

        performance.Advance(performance.Now + Second);
        performance.Receive(InputEvent.Midi(performance.Now, MidiMessage.Control(0, 21, 100)));
        performance.Advance(performance.Now + Second);
        performance.Receive(InputEvent.Midi(performance.Now, MidiMessage.NoteOn(0, 60, 64)));
        performance.Receive(InputEvent.Midi(performance.Now + Second, MidiMessage.NoteOff(0, 60)));
        return performance.Finish().MachineNotes;
    }
}

using MusicRnn.Midi;
using MusicRnn.Model;
using MusicRnn.Notes;

namespace MusicRnn.Performance;

/// <summary>A piece and what the machine makes of it: one phrase, however it pauses, and one answer, in no more time than it takes to draw it.</summary>
/// <param name="Seed">The piece, with the pedal up at its end.</param>
/// <param name="SeedEnd">When its last key and its pedal are up, in nanoseconds from its start.</param>
/// <param name="Take">The performance; stamp 0 is the piece's start.</param>
public sealed record Continuation(Piece Seed, long SeedEnd, Take Take)
{
    /// <summary>The notes of the answer and its pedalling, in nanoseconds from the seed's start.</summary>
    public Piece Answer()
    {
        var reader = new NoteReader();
        foreach (TimedMessage message in Take.Machine)
        {
            reader.Receive(message.Stamp, message.Message.OnChannel(0)); // its own may be the tenth, which is drums elsewhere
        }

        return reader.ToPiece();
    }

    /// <summary>Lets the machine carry on a piece.</summary>
    /// <param name="seed">The piece, of one note at least.</param>
    /// <param name="network">The network.</param>
    /// <param name="parameters">The knobs. The turn rule says when the machine begins: one that hands over by hand counts as the model's; so does the mode as call and response.</param>
    /// <param name="settings">What cannot be turned. The answer has an end.</param>
    /// <exception cref="ArgumentException">There is no note, or the answer would have no end.</exception>
    public static Continuation Of(Piece seed, Network network, ParameterTable parameters, ImproviserSettings settings)
    {
        if (seed.Notes.Count == 0)
        {
            throw new ArgumentException("There is no note to go on from.", nameof(seed));
        }

        parameters.SetUnit(ParameterTable.Mode, (int)PerformanceMode.CallAndResponse);
        if (AnswerLength.Asked(parameters, settings, seed.Notes.Count) == AskedLength.Endless)
        {
            throw new ArgumentException("The answer would have no end.", nameof(parameters));
        }

        var rule = (TurnRule)parameters.Step(ParameterTable.Rule);

        // Until the piece is over nothing ends the phrase: nobody listens for a gesture, and no answer may be given.
        parameters.SetUnit(ParameterTable.Mode, (int)PerformanceMode.Listen);
        parameters.SetUnit(ParameterTable.Rule, (int)TurnRule.Pedal);
        parameters.SetUnit(ParameterTable.MinimumNotes, 1);
        using var performance = new VirtualPerformance(network, parameters, settings);
        Piece whole = Whole(seed);
        foreach ((long time, MidiMessage message) in NoteWriter.ToMessages(whole, settings.PlayerChannel))
        {
            performance.Receive(InputEvent.Midi(time, message));
        }

        long end = performance.Now;
        Turn(ParameterTable.Mode, (int)PerformanceMode.CallAndResponse);
        Turn(ParameterTable.Rule, (int)(rule == TurnRule.Pedal ? TurnRule.Model : rule));
        while (performance.Improviser.Turn == long.MaxValue)
        {
            performance.Advance(performance.Improviser.NextWake + 1); // the last note's frame is still open
        }

        performance.AdvanceUntilIdle(long.MaxValue);
        return new Continuation(whole, end, performance.Finish());

        void Turn(int parameter, int step) => performance.Receive(InputEvent.Set(end, parameter, ParameterTable.Rows[parameter].ToNormalised(step)));
    }

    /// <summary>The piece, with the pedal up at its end.</summary>
    private static Piece Whole(Piece seed) => seed.Pedal.Count == 0 || !seed.Pedal[^1].Down ? seed
        : seed with { Pedal = [.. seed.Pedal, new PedalChange(Math.Max(seed.Pedal[^1].Time, seed.Notes.Max(note => note.Release)), false)] };
}

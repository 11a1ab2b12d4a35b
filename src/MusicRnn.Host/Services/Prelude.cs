using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Host.Services;

/// <summary>
/// What a session has heard before it begins: the end of an earlier take, both voices, as if the player had just played all of it. Then the
/// machine takes over. It is input like any other, so that the session's own take can be played again.
/// </summary>
/// <param name="Events">What is taken in, by stamps up to 0: the moment at which the session goes live.</param>
internal sealed record Prelude(IReadOnlyList<InputEvent> Events)
{
    private const int MostEvents = 3000; // what an input's ring has room for
    private const long Longest = 120_000_000_000;
    private const long Gap = 50_000_000; // between the last event and now

    /// <summary>How long before it goes live the session begins.</summary>
    public long Length => Events.Count == 0 ? 0 : 1 - Events[0].Stamp;

    /// <summary>The end of a take, and the machine's turn after it.</summary>
    /// <param name="take">The take's file, or any other.</param>
    /// <param name="parameters">How the parameters stand at the beginning.</param>
    public static Prelude Of(MidiFile take, ParameterTable parameters)
    {
        TimedMessage[] played =
        [
            .. take.Messages.Select(item => new TimedMessage(item.Time, item.Message))
                .Where(message => message.Message.IsNoteOn || message.Message.IsNoteOff || message.Message.IsControl(Controller.Sustain)),
        ];
        long end = played.Length > 0 ? played[^1].Stamp : 0;
        InputEvent[] heard = [.. played.Where(message => message.Stamp > end - Longest).TakeLast(MostEvents).Select(message => InputEvent.Midi(message.Stamp - end - Gap, message.Message))];
        if (heard.Length == 0)
        {
            return new Prelude([]);
        }

        InputEvent listen = InputEvent.Set(heard[0].Stamp - 1, ParameterTable.Mode, ParameterTable.Rows[ParameterTable.Mode].ToNormalised((int)PerformanceMode.Listen));
        return new Prelude(
        [
            listen,
            .. heard,
            new InputEvent(-Gap + 1, InputKind.InputLost, default, 0, 0), // whatever was held is up
            InputEvent.Set(-2, ParameterTable.Mode, parameters[ParameterTable.Mode]),
            InputEvent.Set(-1, ParameterTable.TakeOver, 1),
            InputEvent.Set(0, ParameterTable.TakeOver, 0),
        ]);
    }

    /// <summary>An input that has heard all of it, and hears nothing more.</summary>
    /// <param name="live">The stamp at which the session goes live.</param>
    public PlayerInput ToInput(long live)
    {
        var input = new PlayerInput("an earlier take", new PlayerInputOptions { EchoWindow = 0 }, []);
        foreach (InputEvent heard in Events)
        {
            input.Events.TryWrite(heard with { Stamp = live + heard.Stamp });
        }

        input.CompleteBefore(long.MaxValue);
        return input;
    }
}

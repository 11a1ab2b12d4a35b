using MusicRnn.Model;

namespace MusicRnn.Performance;

/// <summary>Plays a take's input again through the same model and seed, and compares what the machine plays.</summary>
public static class TakeReplay
{
    private const long Tick = 20_000; // nanoseconds: a file keeps times no finer

    /// <summary>Replays a take.</summary>
    /// <param name="take">The take.</param>
    /// <param name="network">The network that it was played with.</param>
    /// <exception cref="InvalidDataException">The take was played with another network, or holds no input.</exception>
    public static ReplayReport Run(Take take, Network network)
    {
        if (take.Header.ModelHash != network.Hash)
        {
            throw new InvalidDataException($"The take was played with the model {take.Header.ModelHash}; this one is {network.Hash}. Replay it with the model it names.");
        }

        if (take.Inputs.Count == 0 && take.MachineNotes > 0)
        {
            throw new InvalidDataException("The take holds no input to replay: another program has written it and left out what it did not know.");
        }

        using var performance = new VirtualPerformance(network, take.Header.ToTable(), take.Header.Settings, start: take.Header.Start);
        foreach (InputEvent input in take.Inputs)
        {
            performance.Receive(input);
        }

        performance.Advance(take.End);
        Take replayed = performance.Finish();
        return Compare(take, replayed);
    }

    private static ReplayReport Compare(Take recorded, Take replayed)
    {
        (long Tick, TimedMessage Message)[] was = InOrder(recorded), now = InOrder(replayed);
        for (int i = 0; i < Math.Max(was.Length, now.Length); i++)
        {
            if (i >= was.Length || i >= now.Length || was[i].Tick != now[i].Tick || was[i].Message.Message != now[i].Message.Message)
            {
                return new ReplayReport(replayed, i < was.Length ? was[i].Message : null, i < now.Length ? now[i].Message : null);
            }
        }

        return new ReplayReport(replayed, null, null);
    }

    /// <summary>What was heard, by the ticks of a file; at one tick ends come before beginnings, as they may have changed places there.</summary>
    private static (long Tick, TimedMessage Message)[] InOrder(Take take)
    {
        long zero = take.FindZero();
        return
        [
            .. take.Machine.Select(message => (Tick: Math.Max(0, message.Stamp - zero + (Tick / 2)) / Tick, Message: message))
                .OrderBy(item => item.Tick).ThenBy(item => item.Message.Message.IsNoteOn).ThenBy(item => item.Message.Message.Status).ThenBy(item => item.Message.Message.Data1),
        ];
    }
}

using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Benchmarks;

/// <summary>From the computed moment of the turn to the answer's first note at a receiver, less that note's own due time.</summary>
internal static class TurnProbe
{
    private const int Phrases = 12;

    public static void Run()
    {
        using var folder = new BenchmarkFolder();
        using var performance = new LivePerformance(folder, 256);
        performance.Play(Phrases);
        Thread.Sleep(300);
        List<(long Stamp, MidiMessage Message)> heard = performance.Heard();
        List<double> acted = [], due = [], ready = [], late = [];
        long turn = long.MinValue;
        foreach ((long emitted, OutputEvent output) in performance.Emitted)
        {
            if (output.Kind != OutputKind.Midi)
            {
                continue;
            }

            if (output.Message.IsControl(119) && output.Message.Data2 == 2)
            {
                turn = output.Stamp;
                acted.Add((emitted - turn) / 1e3);
            }
            else if (output.Message.IsNoteOn && turn != long.MinValue)
            {
                OutputEvent first = output;
                due.Add((output.Stamp - turn) / 1e3);
                ready.Add((output.Stamp - emitted) / 1e3);
                long arrived = heard.Find(note => note.Message == first.Message && note.Stamp >= first.Stamp - 1_000_000).Stamp;
                long frame = (arrived - output.Stamp) * JackServer.SampleRate / 1_000_000_000; // a message is due at the first frame from its stamp on
                late.Add(arrived == 0 ? double.NaN : frame * 1e6 / JackServer.SampleRate);
                turn = long.MinValue;
            }
        }

        Console.WriteLine($"{late.Count} answers ({(PlayedNetwork.IsShipped ? "the shipped network" : "random weights")}), JACK at 256 frames");
        Console.WriteLine($"the thread acts on the turn {new Durations([.. acted])} after its moment");
        Console.WriteLine($"the first note is due {new Durations([.. due])} after the turn, and waits in the lane {new Durations([.. ready])} before that");
        Console.WriteLine($"from the turn to the first note at the receiver, less its own due time: {new Durations([.. late])}");
        Goal.AtMost(0, late.Count == 0 ? double.NaN : late.Max(), "us", "first note of an answer, exact to the sample");
        Goal.AtMost(0, performance.AllocatedByImproviser, "bytes", "allocated on the improviser's thread");
        Goal.AtMost(0, performance.AllocatedByAudio, "bytes", "allocated on JACK's thread, synthesiser included");
    }
}

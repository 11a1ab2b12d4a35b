using System.Diagnostics;
using System.Text.RegularExpressions;
using MusicRnn.Midi;

namespace MusicRnn.Host.Tests.Alsa;

/// <summary>ALSA's own aseqdump, wired to what is to be heard: another program's view of the port.</summary>
internal sealed partial class SequencerDump : IDisposable
{
    private readonly Process _process;
    private readonly List<MidiMessage> _heard = [];

    public SequencerDump()
    {
        _process = new Process { StartInfo = new ProcessStartInfo("aseqdump") { RedirectStandardOutput = true } };
        _process.OutputDataReceived += (_, line) => Take(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
    }

    /// <summary>Everything heard so far, in order.</summary>
    public MidiMessage[] Heard
    {
        get
        {
            lock (_heard)
            {
                return [.. _heard];
            }
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Take(string line)
    {
        Match match = Line().Match(line);
        if (!match.Success)
        {
            return;
        }

        int channel = Number("channel"), first = Number("first"), second = Number("second");
        lock (_heard)
        {
            _heard.Add(match.Groups["event"].Value switch
            {
                "Note on" => MidiMessage.NoteOn(channel, first, second),
                "Note off" => MidiMessage.NoteOff(channel, first),
                _ => MidiMessage.Control(channel, first, second),
            });
        }

        int Number(string group) => int.Parse(match.Groups[group].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
    }

    // " 128:1   Note on                 0, note 60, velocity 64", and likewise "Control change ... 0, controller 64, value 0"
    [GeneratedRegex(@"^\s*\d+:\d+\s+(?<event>Note on|Note off|Control change)\s+(?<channel>\d+), (?:note|controller) (?<first>\d+)(?:, (?:velocity|value) (?<second>\d+))?")]
    private static partial Regex Line();
}

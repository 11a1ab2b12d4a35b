using Microsoft.Extensions.Configuration;

namespace MusicRnn.Host.Options;

/// <summary>Everything that appsettings.json may say.</summary>
public sealed class Settings
{
    /// <summary>The schema by which editors complete the file; not read.</summary>
    [ConfigurationKeyName("$schema")]
    public string? Schema { get; set; }

    /// <summary>MIDI in and out.</summary>
    public MidiOptions Midi { get; set; } = new();

    /// <summary>Sound out.</summary>
    public AudioOptions Audio { get; set; } = new();

    /// <summary>The network that answers.</summary>
    public ModelOptions Model { get; set; } = new();

    /// <summary>How MusicRnn itself sounds.</summary>
    public SoundOptions Sound { get; set; } = new();

    /// <summary>What the player can turn, as it is at the start; a knob, or an edit of this file, changes it while playing.</summary>
    public Dictionary<string, string?> Parameters { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Which controller (CC) turns which parameter; null is none.</summary>
    public Dictionary<string, string?> Knobs { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where sessions are kept.</summary>
    public TakesOptions Takes { get; set; } = new();

    /// <summary>The page in the browser.</summary>
    public PanelOptions Panel { get; set; } = new();

    /// <summary>What is written to the console and to the log files.</summary>
    public LoggingOptions Logging { get; set; } = new();

    /// <summary>What is wrong between settings that are each right alone: the key, and the end of a sentence that begins with it.</summary>
    public IEnumerable<(string Key, string Problem)> Conflicts()
    {
        if (Midi.PlayerChannel == Midi.MachineChannel)
        {
            yield return ("Midi:MachineChannel", $"is {Midi.MachineChannel}, as Midi:PlayerChannel is; each needs a channel of its own.");
        }

        foreach ((string key, string problem) in Panel.Conflicts())
        {
            yield return (key, problem);
        }

        foreach ((string id, string problem) in ParameterSettings.Conflicts(Parameters))
        {
            yield return ($"Parameters:{id}", problem);
        }

        foreach ((string id, string problem) in KnobSettings.Conflicts(Knobs))
        {
            yield return ($"Knobs:{id}", problem);
        }
    }
}

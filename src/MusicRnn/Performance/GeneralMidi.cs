namespace MusicRnn.Performance;

/// <summary>What the programs of General MIDI are (GM 1 Sound Set).</summary>
internal static class GeneralMidi
{
    /// <summary>
    /// Whether a program sounds for as long as its key is down: organs and accordions, bowed strings, ensembles and voices, brass,
    /// reeds, pipes, synth leads and pads, bagpipe, fiddle and shanai. A piano's pedalling would make a blur of these.
    /// </summary>
    public static bool Sustains(int program) => program
        is (>= 16 and <= 23) or (>= 40 and <= 44) or (>= 48 and <= 54) or (>= 56 and <= 95) or (>= 109 and <= 111);
}

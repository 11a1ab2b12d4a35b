namespace MusicRnn.Performance;

/// <summary>What an improviser is made with; what can be turned while playing is in the <see cref="ParameterTable"/>.</summary>
public sealed record ImproviserSettings
{
    /// <summary>Where its random numbers come from: the same seed and the same input give the same notes.</summary>
    public ulong Seed { get; init; }

    /// <summary>The channel that the machine plays on, 0-15; default 1.</summary>
    public int MachineChannel { get; init; } = 1;

    /// <summary>The channel that the player's thru sounds on, 0-15, which panic silences too; default 0.</summary>
    public int PlayerChannel { get; init; }

    /// <summary>The controller on the machine's channel that says the <see cref="ImproviserState"/>, for lights; default 119, null for none.</summary>
    public int? StateController { get; init; } = 119;

    /// <summary>How long answers are, whatever the parameters say: for lengths that these have no values for. Default null: as the parameters say.</summary>
    public AskedLength? Length { get; init; }
}

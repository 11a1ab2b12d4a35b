namespace MusicRnn.Host.Options;

/// <summary>The network that answers.</summary>
public sealed class ModelOptions
{
    /// <summary>The weights. Default: models/maestro.safetensors.</summary>
    public string Path { get; set; } = "models/maestro.safetensors";

    /// <summary>The seed of the random numbers: the same playing, settings, weights and seed give the same answers. Default: null, which is another seed at each start.</summary>
    [Range(0, int.MaxValue)]
    public int? Seed { get; set; }
}

using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>How a network is trained. The defaults are those of the shipped weights.</summary>
public sealed record TrainingOptions
{
    /// <summary>The network's size, for training from scratch.</summary>
    public NetworkShape Shape { get; init; } = new(2, 512, 384, 256);

    /// <summary>Pieces side by side. Default 64.</summary>
    public int Streams { get; init; } = 64;

    /// <summary>Steps in a window at first: short windows make many updates. Default 32.</summary>
    public int FirstSteps { get; init; } = 32;

    /// <summary>Steps in a window later, to learn what lies further back. Default 64.</summary>
    public int LaterSteps { get; init; } = 64;

    /// <summary>After which share of the notes the longer windows begin, 0-1. Default 0.6.</summary>
    public double LaterFrom { get; init; } = 0.6;

    /// <summary>The number of notes to learn from, repeats included. Default 30 million.</summary>
    public long Notes { get; init; } = 30_000_000;

    /// <summary>The learning rate, reached after <see cref="WarmUp"/> updates. Default 0.002.</summary>
    public double Rate { get; init; } = 0.002;

    /// <summary>Updates until the full rate. Default 30.</summary>
    public int WarmUp { get; init; } = 30;

    /// <summary>The share of the notes at the end over which the rate falls in a straight line, to a fiftieth. Default 0.4.</summary>
    public double Decay { get; init; } = 0.4;

    /// <summary>The largest norm of the gradient. Default 1.</summary>
    public double Clip { get; init; } = 1;

    /// <summary>The share of each layer's outputs that is dropped. Default 0.05.</summary>
    public double Dropout { get; init; } = 0.05;

    /// <summary>How much of the running average of the weights is kept at each update. Default 0.9985.</summary>
    public double Averaging { get; init; } = 0.9985;

    /// <summary>The most semitones a piece is transposed, up or down. Default 5.</summary>
    public int Transpose { get; init; } = 5;

    /// <summary>The most a piece is played faster or slower. Default 0.1, a tenth.</summary>
    public double Tempo { get; init; } = 0.1;

    /// <summary>The most velocity levels a piece is played louder or softer. Default 1.</summary>
    public int Louder { get; init; } = 1;

    /// <summary>The share of pieces that is cut into passages, before each of which all is forgotten: a player begins anywhere. Default 0.5.</summary>
    public double Cut { get; init; } = 0.5;

    /// <summary>Chooses every random number of the training. Default 1.</summary>
    public ulong Seed { get; init; } = 1;
}

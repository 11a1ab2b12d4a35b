using MusicRnn.Synthesis;

namespace MusicRnn.Tests.Synthesis;

/// <summary>What a zone of a built font says.</summary>
internal sealed class ZoneSpec
{
    private readonly List<(int Generator, int Value)> _generators = [];
    private readonly List<(int Source, int Destination, int Amount, int AmountSource, int Transform)> _modulators = [];

    private ZoneSpec(int? target) => Target = target;

    /// <summary>The instrument or sample, or null for a global zone.</summary>
    public int? Target { get; }

    public IReadOnlyList<(int Generator, int Value)> Generators => _generators;

    public IReadOnlyList<(int Source, int Destination, int Amount, int AmountSource, int Transform)> Modulators => _modulators;

    public static ZoneSpec Of(int target) => new(target);

    public static ZoneSpec Global() => new(null);

    public ZoneSpec With(Generator generator, int value)
    {
        _generators.Add(((int)generator, value));
        return this;
    }

    public ZoneSpec Keys(int low, int high) => With(Generator.KeyRange, low | (high << 8));

    public ZoneSpec Velocities(int low, int high) => With(Generator.VelocityRange, low | (high << 8));

    public ZoneSpec Moved(int source, Generator destination, int amount, int amountSource = 0, int transform = 0)
    {
        _modulators.Add((source, (int)destination, amount, amountSource, transform));
        return this;
    }
}

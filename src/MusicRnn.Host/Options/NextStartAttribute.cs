namespace MusicRnn.Host.Options;

/// <summary>Marks a setting that takes effect at the next start; every other takes effect while playing.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NextStartAttribute : Attribute;

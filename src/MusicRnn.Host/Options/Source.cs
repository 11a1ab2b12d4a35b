namespace MusicRnn.Host.Options;

/// <summary>Where MIDI or audio comes from or goes to, as settings and the command line write it: a kind, and a name for some kinds.</summary>
/// <param name="Kind">The backend.</param>
/// <param name="Name">The file's path, or a part of the ALSA device's name; empty where none was given.</param>
public readonly record struct Source(SourceKind Kind, string Name)
{
    /// <summary>What a source may look like, as a regular expression.</summary>
    public const string Pattern = "^(auto|none|jack|alsa|alsa:.+|file:.+)$";

    /// <summary>What a source may look like, in words.</summary>
    public const string Expected = "auto, none, jack, alsa, alsa:NAME or file:PATH";

    /// <summary>Reads a source.</summary>
    /// <exception cref="FormatException">It is not one of <see cref="Expected"/>.</exception>
    public static Source Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string kind = colon < 0 ? text : text[..colon];
        string name = colon < 0 ? "" : text[(colon + 1)..];
        return (kind, name.Length > 0, colon >= 0) switch
        {
            ("auto", _, false) => new Source(SourceKind.Auto, ""),
            ("none", _, false) => new Source(SourceKind.None, ""),
            ("jack", _, false) => new Source(SourceKind.Jack, ""),
            ("alsa", _, false) or ("alsa", true, true) => new Source(SourceKind.Alsa, name),
            ("file", true, true) => new Source(SourceKind.File, name),
            _ => throw new FormatException($"\"{text}\" is not one of {Expected}."),
        };
    }

    /// <summary>The source with a file's path made absolute, as every path of the settings is.</summary>
    public Source In(Installation installation) => Kind == SourceKind.File ? this with { Name = installation.Resolve(Name) } : this;

    /// <inheritdoc/>
    public override string ToString()
    {
        string kind = Kind.ToString().ToLowerInvariant();
        return Name.Length == 0 ? kind : $"{kind}:{Name}";
    }
}

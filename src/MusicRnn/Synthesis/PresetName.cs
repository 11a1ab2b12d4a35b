namespace MusicRnn.Synthesis;

/// <summary>How well a name that somebody typed fits the name of an instrument.</summary>
internal static class PresetName
{
    /// <summary>Whether one is the other but for case and punctuation.</summary>
    public static bool IsSame(string asked, string name) => Plain(asked) == Plain(name);

    /// <summary>Whether every word asked for begins a word of the name: "grand piano" fits "Yamaha Grand Piano".</summary>
    public static bool Fits(string asked, string name)
    {
        string[] words = Plain(name).Split(' ');
        string[] wanted = Plain(asked).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return wanted.Length > 0 && wanted.All(want => words.Any(word => word.StartsWith(want, StringComparison.Ordinal)));
    }

    /// <summary>How many letters differ between what was asked for and the name, or its nearest word: 0 and up.</summary>
    public static int Distance(string asked, string name)
    {
        string plain = Plain(asked);
        return Plain(name).Split(' ').Append(Plain(name)).Min(part => EditDistance.Between(plain, part));
    }

    /// <summary>Lower case, words apart by one space, nothing but letters and digits.</summary>
    private static string Plain(string name) =>
        string.Join(' ', new string([.. name.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}

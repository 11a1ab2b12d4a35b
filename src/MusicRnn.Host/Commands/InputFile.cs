using System.CommandLine.Parsing;

namespace MusicRnn.Host.Commands;

/// <summary>Whether what is to be read is there, and of the kind that is wanted, asked before the work begins.</summary>
internal static class InputFile
{
    /// <summary>Refuses what is no file.</summary>
    /// <param name="given">What was given for an option or an argument.</param>
    public static void Check(SymbolResult given) => Check(given, "");

    /// <summary>Refuses what is no corpus file.</summary>
    /// <param name="given">What was given for an option or an argument.</param>
    public static void CheckCorpus(SymbolResult given) => Check(given, " `musicrnn dataset prepare` makes a corpus of a folder.");

    /// <summary>Refuses what is neither a file nor a folder.</summary>
    /// <param name="given">What was given for an option or an argument.</param>
    public static void CheckAny(SymbolResult given)
    {
        foreach (string path in Paths(given).Where(path => !Path.Exists(path)))
        {
            given.AddError($"{NameOf(given)}there is no file or folder {Path.GetFullPath(path)}.");
        }
    }

    /// <summary>Refuses what is no folder.</summary>
    /// <param name="given">What was given for an option or an argument.</param>
    public static void CheckFolder(SymbolResult given)
    {
        foreach (string path in Paths(given).Where(path => !Directory.Exists(path)))
        {
            given.AddError(NameOf(given) + (File.Exists(path) ? $"{Path.GetFullPath(path)} is a file, and a folder is wanted." : $"there is no folder {Path.GetFullPath(path)}."));
        }
    }

    /// <summary>Why a path leads to no file, as a sentence; null where it does.</summary>
    public static string? Fault(string path) =>
        Directory.Exists(path) ? $"{Path.GetFullPath(path)} is a folder, and a file is wanted."
        : File.Exists(path) ? null
        : $"there is no file {Path.GetFullPath(path)}.";

    private static void Check(SymbolResult given, string hint)
    {
        foreach (string path in Paths(given))
        {
            if (Fault(path) is { } fault)
            {
                given.AddError(NameOf(given) + fault + (Directory.Exists(path) ? hint : ""));
            }
        }
    }

    private static string NameOf(SymbolResult given) => given is OptionResult option ? option.Option.Name + ": " : "";

    private static IEnumerable<string> Paths(SymbolResult given) => given.Tokens.Select(token => token.Value).Where(path => path.Length > 0);
}

using System.CommandLine.Parsing;

namespace MusicRnn.Host.Commands;

/// <summary>Whether what is to be read is a file, asked before the work begins.</summary>
internal static class InputFile
{
    /// <summary>Refuses what is no file.</summary>
    /// <param name="given">What was given for an option or an argument.</param>
    public static void Check(SymbolResult given) => Check(given, "");

    /// <summary>Refuses what is no corpus file.</summary>
    /// <param name="given">What was given for an option or an argument.</param>
    public static void CheckCorpus(SymbolResult given) => Check(given, " `musicrnn dataset prepare` makes a corpus of a folder.");

    private static void Check(SymbolResult given, string hint)
    {
        string name = given is OptionResult option ? option.Option.Name + ": " : "";
        foreach (string path in given.Tokens.Select(token => token.Value).Where(path => path.Length > 0))
        {
            if (Directory.Exists(path))
            {
                given.AddError($"{name}{Path.GetFullPath(path)} is a folder, and a file is wanted.{hint}");
            }
            else if (!File.Exists(path))
            {
                given.AddError($"{name}there is no file {Path.GetFullPath(path)}.");
            }
        }
    }
}

using MusicRnn.Model;

namespace MusicRnn.Host.Commands;

/// <summary>The weights that a command works with.</summary>
internal static class ModelFile
{
    /// <summary>Reads them.</summary>
    /// <exception cref="CommandException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no network.</exception>
    public static Network Load(string path)
    {
        try
        {
            return Network.Load(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandException($"there is no model {path}. Name another by --model, or in the settings as Model:Path.");
        }
    }
}

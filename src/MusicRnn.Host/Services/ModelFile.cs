using MusicRnn.Model;

namespace MusicRnn.Host.Services;

/// <summary>The weights that are played or worked with.</summary>
internal static class ModelFile
{
    /// <summary>Reads them.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no network, or a folder.</exception>
    public static Network Load(string path)
    {
        try
        {
            return Network.Load(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"there is no model {path}. Name another by --model, or in the settings as Model:Path.");
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(path))
        {
            throw new InvalidDataException($"{path} is a folder, and no model. Name a file by --model, or in the settings as Model:Path.");
        }
    }
}

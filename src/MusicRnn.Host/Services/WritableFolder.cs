namespace MusicRnn.Host.Services;

/// <summary>A folder that files are to be written in, tried before anything relies on it.</summary>
internal static class WritableFolder
{
    /// <summary>Makes the folder where it is not there, and writes a file in it that is gone at once.</summary>
    /// <param name="path">The folder.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="IOException">Nothing can be written there; the message names the folder, why, and what to do.</exception>
    public static string Try(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            using var file = new FileStream(
                Path.Combine(path, $".musicrnn-{Guid.NewGuid():n}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            return path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Nothing can be written in {path} ({exception.Message.TrimEnd('.')}). Name a folder that you can write to", exception);
        }
    }
}

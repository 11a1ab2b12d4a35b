namespace MusicRnn.Host.Commands;

/// <summary>A folder that a command leaves files in.</summary>
internal static class OutputFolder
{
    /// <summary>Makes a folder where there is none, and tries whether files can be written there, before the work is done.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="option">The option that names it.</param>
    /// <exception cref="CommandException">It cannot be made or written to.</exception>
    public static DirectoryInfo Make(string path, string option)
    {
        try
        {
            DirectoryInfo folder = Directory.CreateDirectory(path);
            string trial = Path.Combine(folder.FullName, Path.GetRandomFileName());
            new FileStream(trial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
            return folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"the folder {Path.GetFullPath(path)} cannot be written to: {exception.Message.TrimEnd('.')}. Name another by {option}.");
        }
    }

    /// <summary>Leaves a picture in a folder, whole or not at all.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The picture's name, without its ending.</param>
    /// <param name="svg">The picture.</param>
    public static void Draw(DirectoryInfo folder, string name, string svg) =>
        WholeFile.Write(Path.Combine(folder.FullName, name + ".svg"), to => File.WriteAllText(to, svg));
}

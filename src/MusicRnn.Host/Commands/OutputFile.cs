namespace MusicRnn.Host.Commands;

/// <summary>A file that a command leaves. Whether it can be is asked before the work is done, as far as that can be known.</summary>
internal sealed class OutputFile
{
    private readonly string _option;

    /// <summary>Names a file to write.</summary>
    /// <param name="path">The file; a relative path starts from the working directory.</param>
    /// <param name="option">The option that names it.</param>
    /// <exception cref="CommandException">It cannot be written there.</exception>
    public OutputFile(string path, string option)
    {
        Path = System.IO.Path.GetFullPath(path);
        _option = option;
        if (Directory.Exists(Path))
        {
            throw Refused("it is a folder");
        }

        if (System.IO.Path.GetDirectoryName(Path) is { } folder && !Directory.Exists(folder))
        {
            throw Refused($"there is no folder {folder}");
        }
    }

    /// <summary>Its absolute path.</summary>
    public string Path { get; }

    /// <summary>Names a file to write where an option was given.</summary>
    public static OutputFile? Of(string? path, string option) => path is null ? null : new OutputFile(path, option);

    /// <summary>Writes it.</summary>
    /// <param name="write">Writes the file of a path.</param>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public void Write(Action<string> write)
    {
        try
        {
            write(Path);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or FileNotFoundException) // the latter is said where a file system makes no files
        {
            throw Refused("that is not permitted");
        }
        catch (IOException exception)
        {
            throw Refused(exception.Message.TrimEnd('.'));
        }
    }

    private CommandException Refused(string reason) => new($"{Path} cannot be written: {reason}. Name another file by {_option}.");
}

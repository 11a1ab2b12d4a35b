using MusicRnn.Host.Services;

namespace MusicRnn.Host.Commands;

/// <summary>A file that a command leaves. Whether it can be is asked before the work is done, as far as that can be known.</summary>
internal sealed class OutputFile
{
    private const int MostLinks = 40; // one after another, as Linux has it
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

    /// <summary>Refuses files to write that are read as well, or are the same one, whatever links lead to them.</summary>
    /// <param name="inputs">The files that the command reads.</param>
    /// <param name="outputs">The files that it writes; null where an option was not given.</param>
    /// <exception cref="CommandException">One would overwrite another.</exception>
    public static void KeepApart(IEnumerable<string> inputs, params IEnumerable<OutputFile?> outputs)
    {
        var read = inputs.Select(path => Real(System.IO.Path.GetFullPath(path), MostLinks)).ToHashSet();
        var written = new Dictionary<string, OutputFile>();
        foreach (OutputFile output in outputs.OfType<OutputFile>())
        {
            string path = Real(output.Path, MostLinks);
            if (read.Contains(path))
            {
                throw new CommandException($"{output.Path} is read, and would be overwritten. Name another file by {output._option}.", ExitCode.WrongArguments);
            }

            if (!written.TryAdd(path, output))
            {
                throw new CommandException($"{written[path]._option} and {output._option} are one file, {output.Path}. Name another by {output._option}.", ExitCode.WrongArguments);
            }
        }
    }

    /// <summary>Refuses a name that says of sound to be written that it is anything but WAV.</summary>
    /// <exception cref="CommandException">It does.</exception>
    public void CheckSound()
    {
        if (SoundFile.NameFault(Path) is { } fault)
        {
            throw new CommandException($"{Path} cannot be written: {fault}. Name a .wav file by {_option}.", ExitCode.WrongArguments);
        }
    }

    /// <summary>Writes a text, whole or not at all.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public void Write(string text) => Write(path => WholeFile.Write(path, to => File.WriteAllText(to, text)));

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
        catch (OperationCanceledException)
        {
            throw new CommandException($"stopped; {Path} is not written.");
        }
        catch (NotSupportedException)
        {
            throw Refused("it is a pipe, and this is written to and fro");
        }
        catch (IOException exception)
        {
            throw Refused(exception.Message.TrimEnd('.'));
        }
    }

    /// <summary>A path without links. What has no name of its own, such as a pipe, stays as it is called.</summary>
    private static string Real(string path, int links)
    {
        if (System.IO.Path.GetDirectoryName(path) is not { } folder)
        {
            return path;
        }

        string place = System.IO.Path.Combine(Real(folder, links), System.IO.Path.GetFileName(path));
        return links > 0 && new FileInfo(place).LinkTarget is { } target
            ? Real(System.IO.Path.GetFullPath(target, System.IO.Path.GetDirectoryName(place)!), links - 1)
            : place;
    }

    private CommandException Refused(string reason) => new($"{Path} cannot be written: {reason}. Name another file by {_option}.");
}

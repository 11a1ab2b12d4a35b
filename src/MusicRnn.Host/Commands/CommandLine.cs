using System.CommandLine;
using System.CommandLine.Parsing;
using MusicRnn.Host.Options;

namespace MusicRnn.Host.Commands;

/// <summary>Runs what was typed, and says in one sentence why it could not.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command.</summary>
    /// <param name="arguments">What was typed after the program's name.</param>
    /// <param name="workplace">Where the run finds and leaves things.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where complaints go.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments, Workplace workplace, TextWriter output, TextWriter error)
    {
        try
        {
            ParseResult parsed = new MusicRnnCommand(workplace).Parse(arguments);
            string[] faults = parsed.Action is { ClearsParseErrors: true } ? [] : [.. Faults(parsed)];
            if (faults.Length > 0)
            {
                return Refuse(parsed, arguments, faults, output, error);
            }

            // A signal is the running command's to answer: it releases what sounds before it ends.
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = output,
                Error = error,
            });
        }
        catch (CommandException exception)
        {
            error.WriteLine($"musicrnn: {exception.Message}");
            return exception.ExitCode;
        }
        catch (Exception exception) when (exception is SettingsException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"musicrnn: {exception.Message}");
            return ExitCode.Failed;
        }
        catch (Exception exception)
        {
            error.WriteLine($"musicrnn: this should not have happened: {exception.Message} {Report(exception, workplace)}");
            return ExitCode.Failed;
        }
    }

    /// <summary>What is wrong with what was typed. An empty value is what an unset variable of a shell leaves; whatever else would be said of it is beside the point.</summary>
    private static IEnumerable<string> Faults(ParseResult parsed)
    {
        string[] empty = [.. parsed.CommandResult.Children.Where(given => given.Tokens.Any(token => token.Value.Length == 0)).Select(given => given switch
        {
            OptionResult option => $"{option.Option.Name} is empty; it needs a value ({option.Option.HelpName ?? "VALUE"}).",
            ArgumentResult argument => $"{argument.Argument.HelpName ?? argument.Argument.Name} is empty; it needs a value.",
            _ => "",
        })];
        return empty.Length > 0 ? empty : parsed.Errors.Select(fault => fault.Message).Distinct();
    }

    private static int Refuse(ParseResult parsed, string[] arguments, IEnumerable<string> faults, TextWriter output, TextWriter error)
    {
        Command command = parsed.CommandResult.Command;
        if (arguments.Length == 0)
        {
            command.Parse(["--help"]).Invoke(new InvocationConfiguration { Output = output, Error = error });
            return ExitCode.WrongArguments;
        }

        // That a command is missing is said only where nothing else is wrong: a mistyped one is the same mistake.
        if (parsed.UnmatchedTokens.Count > 0 && command is MusicRnnCommand)
        {
            string typed = parsed.UnmatchedTokens[0];
            string? near = command.Subcommands.Select(known => known.Name).FirstOrDefault(known => EditDistance.Between(known, typed) <= 2);
            faults = [$"there is no command \"{typed}\"; {(near is null ? $"the commands are {string.Join(", ", command.Subcommands.Select(known => known.Name))}" : $"did you mean {near}?")}"];
        }

        foreach (string fault in faults)
        {
            error.WriteLine($"musicrnn: {fault}");
        }

        error.WriteLine($"{NameOf(parsed.CommandResult)} --help tells how it is used.");
        return ExitCode.WrongArguments;
    }

    /// <summary>A command as it is typed, with those that it belongs to.</summary>
    private static string NameOf(CommandResult result) => result switch
    {
        { Command: MusicRnnCommand } => "musicrnn",
        { Parent: CommandResult parent } => $"{NameOf(parent)} {result.Command.Name}",
        _ => result.Command.Name,
    };

    private static string Report(Exception exception, Workplace workplace)
    {
        string file = Path.Combine(workplace.Folders.State, "failure.txt");
        try
        {
            Directory.CreateDirectory(workplace.Folders.State);
            File.WriteAllText(file, exception.ToString());
            return $"The details are in {file}; please report them.";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"The details could not be written to {file}.";
        }
    }
}

using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MusicRnn.Host.Commands;

/// <summary>Help: what the parser knows, then the command's examples and notes.</summary>
/// <param name="common">What the parser knows.</param>
internal sealed class ExampleHelp(HelpAction common) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int result = common.Invoke(parseResult);
        if (parseResult.CommandResult.Command is ExampleCommand command)
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            int width = command.Examples.Max(example => example.Line.Length);
            output.WriteLine("Examples:");
            foreach ((string line, string effect) in command.Examples)
            {
                output.WriteLine($"  {line.PadRight(width)}  {effect}");
            }

            output.WriteLine();
            if (command.Notes.Length > 0)
            {
                output.WriteLine(command.Notes);
                output.WriteLine();
            }
        }

        return result;
    }
}

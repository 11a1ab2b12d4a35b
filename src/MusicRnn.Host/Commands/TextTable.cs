using Spectre.Console;

namespace MusicRnn.Host.Commands;

/// <summary>Writes tables as text, which are Markdown too.</summary>
internal static class TextTable
{
    private const int Width = 200;

    /// <summary>Writes one.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="columns">The names of the columns. The first is of words, the others of numbers.</param>
    /// <param name="rows">The rows, as many cells each.</param>
    public static void Write(TextWriter output, IReadOnlyList<string> columns, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = TableBorder.Markdown };
        foreach ((int index, string column) in columns.Index())
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)) { Alignment = index == 0 ? Justify.Left : Justify.Right });
        }

        foreach (string[] row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        using var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = Width;
        console.Write(table);
        foreach (string line in text.ToString().Split('\n').Where(line => line.Trim().Length > 0))
        {
            output.WriteLine(line.TrimEnd());
        }
    }
}

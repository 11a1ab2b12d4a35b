using Serilog.Events;
using Serilog.Formatting;

namespace MusicRnn.Host.Services;

/// <summary>One line of the console: the time, and a sentence. What went wrong says so; an exception is its message alone, whole only in the log file.</summary>
/// <param name="coloured">Whether the console shows colours.</param>
internal sealed class LogLine(bool coloured) : ITextFormatter
{
    private const string Yellow = "\e[33m";
    private const string Red = "\e[31m";
    private const string Grey = "\e[90m";
    private const string Plain = "\e[0m";

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        (string colour, string prefix) = logEvent.Level switch
        {
            LogEventLevel.Warning => (Yellow, "Warning: "),
            LogEventLevel.Error or LogEventLevel.Fatal => (Red, "Error: "),
            LogEventLevel.Debug or LogEventLevel.Verbose => (Grey, ""),
            _ => ("", ""),
        };
        string text = $"{logEvent.Timestamp:HH:mm:ss}  {prefix}{Sentence(logEvent)}";
        output.WriteLine(coloured && colour.Length > 0 ? colour + text + Plain : text);
    }

    private static string Sentence(LogEvent logEvent)
    {
        using var message = new StringWriter();
        foreach (Serilog.Parsing.MessageTemplateToken token in logEvent.MessageTemplate.Tokens)
        {
            if (token is Serilog.Parsing.PropertyToken property && logEvent.Properties.TryGetValue(property.PropertyName, out LogEventPropertyValue? value)
                && value is ScalarValue { Value: string text })
            {
                message.Write(text); // without Serilog's quotation marks
            }
            else
            {
                token.Render(logEvent.Properties, message);
            }
        }

        if (logEvent.Exception is { } exception)
        {
            message.Write(' ');
            message.Write(exception.Message);
        }

        return message.ToString();
    }
}

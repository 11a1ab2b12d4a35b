using MusicRnn.Host.Options;
using MusicRnn.Host.Services;
using Serilog.Events;
using Serilog.Parsing;

namespace MusicRnn.Host.Tests.Services;

public sealed class LogOutputTests
{
    [Fact]
    public void AConsoleLineIsATimeAndASentence()
    {
        Assert.Equal("14:05:09  Listening to KeyStep 37 on 2 ports." + Environment.NewLine, Line(LogEventLevel.Information, "Listening to {Name} on {Count} ports.", null, ("Name", "KeyStep 37"), ("Count", 2)));
    }

    [Fact]
    public void WhatWentWrongSaysSoAndGivesTheReasonNotTheStack()
    {
        Assert.Equal("14:05:09  Error: The take was lost. Disk full." + Environment.NewLine, Line(LogEventLevel.Error, "The take was lost.", new IOException("Disk full.")));
    }

    [Fact]
    public void TheFileHoldsWhatTheConsoleDoesNotAndItsDetailCanBeChanged()
    {
        using var folder = new TemporaryFolder();
        var options = new LoggingOptions { Console = LogDetail.None, File = LogDetail.Information };
        using (var log = new LogOutput(options, folder.Path))
        {
            log.Logger.Debug("one");
            options.File = LogDetail.Debug;
            log.Apply(options);
            log.Logger.Debug("two");
            options.File = LogDetail.None;
            log.Apply(options);
            log.Logger.Error("three");
        }

        string text = File.ReadAllText(Assert.Single(Directory.GetFiles(folder.Path, "musicrnn-*.log")));
        Assert.DoesNotContain("one", text, StringComparison.Ordinal);
        Assert.Contains("two", text, StringComparison.Ordinal);
        Assert.DoesNotContain("three", text, StringComparison.Ordinal);
    }

    private static string Line(LogEventLevel level, string template, Exception? exception, params (string Name, object Value)[] properties)
    {
        var time = new DateTimeOffset(2026, 1, 2, 14, 5, 9, TimeSpan.Zero);
        var logged = new LogEvent(
            time, level, exception, new MessageTemplateParser().Parse(template), properties.Select(property => new LogEventProperty(property.Name, new ScalarValue(property.Value))));
        using var output = new StringWriter();
        new LogLine(coloured: false).Format(logged, output);
        return output.ToString();
    }
}

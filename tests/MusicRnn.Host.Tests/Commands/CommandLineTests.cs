using MusicRnn.Host.Commands;

namespace MusicRnn.Host.Tests.Commands;

public sealed class CommandLineTests : IDisposable
{
    private readonly Terminal _terminal = new();

    public void Dispose() => _terminal.Dispose();

    [Theory]
    [InlineData("--notes is a whole number from 1 to 100000, not \"1e3\".", "continue", "a.mid", "-o", "o.mid", "--notes", "1e3")]
    [InlineData("--notes is a whole number from 1 to 100000, not \"99999999999999\".", "continue", "a.mid", "-o", "o.mid", "--notes", "99999999999999")]
    [InlineData("--seconds is a number from 0.1 to 36000, not \"x\".", "continue", "a.mid", "-o", "o.mid", "--seconds", "x")]
    [InlineData("--seconds is a number from 0.1 to 36000, not \"0,5\".", "continue", "a.mid", "-o", "o.mid", "--seconds", "0,5")]
    [InlineData("--notes is a whole number from 1 to 100000, not \"x\".", "generate", "--notes", "x", "-o", "o.mid")]
    [InlineData("--from is a number from 0 to 604800, not \"a\".", "plot", "a.mid", "-o", "o.svg", "--from", "a", "--to", "1")]
    [InlineData("--to is a number from 0 to 604800, not \"1,5\".", "plot", "a.mid", "-o", "o.svg", "--to", "1,5")]
    [InlineData("--seeds is a whole number from 2 to 100000, not \"x\".", "evaluate", "--data", "a.mid", "--seeds", "x")]
    [InlineData("--millions is a number from 0.001 to 100000, not \"NaN\".", "train", "--data", "a.mid", "--millions", "NaN")]
    [InlineData("--seed is a whole number from 0 to 2147483647, not \"x\".", "train", "--data", "a.mid", "--seed", "x")]
    [InlineData("--hidden is a whole number from 16 to 4096, a multiple of 16, not \"40\".", "train", "--data", "a.mid", "--hidden", "40")]
    public void ANumberThatCannotBeReadIsQuotedWithWhatIsWanted(string message, params string[] arguments)
    {
        _terminal.MakeSeed("a.mid");

        string error = Refusal([.. arguments.Select(argument => argument == "a.mid" ? _terminal.File(argument) : argument)]);

        Assert.Equal($"{message}{Environment.NewLine}musicrnn {arguments[0]} --help tells how it is used.", error);
    }

    [Theory]
    [InlineData("--output is empty; it needs a value (FILE).", "continue", "a.mid", "-o", "")]
    [InlineData("--config is empty; it needs a value (FILE).", "continue", "a.mid", "-o", "o.mid", "--config", "")]
    [InlineData("--wav is empty; it needs a value (FILE).", "generate", "--notes", "3", "-o", "o.mid", "--wav", "")]
    [InlineData("--instrument is empty; it needs a value (NAME).", "render", "a.mid", "-o", "o.wav", "--instrument", "")]
    [InlineData("--soundfont is empty; it needs a value (FILE).", "render", "a.mid", "-o", "o.wav", "--soundfont", "")]
    [InlineData("--model is empty; it needs a value (FILE).", "run", "--model", "")]
    [InlineData("--folder is empty; it needs a value (FOLDER).", "takes", "--folder", "")]
    [InlineData("--plot is empty; it needs a value (FILE).", "model", "describe", "--plot", "")]
    [InlineData("weights is empty; it needs a value.", "model", "describe", "")]
    [InlineData("seed.mid is empty; it needs a value.", "continue", "", "-o", "o.mid")]
    public void AnEmptyValueIsNamed(string message, params string[] arguments)
    {
        _terminal.MakeSeed("a.mid");

        string error = Refusal([.. arguments.Select(argument => argument == "a.mid" ? _terminal.File(argument) : argument)]);

        Assert.StartsWith(message + Environment.NewLine, error);
    }

    [Theory]
    [InlineData("musicrnn dataset prepare --help", "dataset", "prepare", "/nowhere")]
    [InlineData("musicrnn takes cut --help", "takes", "cut")]
    [InlineData("musicrnn continue --help", "continue")]
    public void TheHintNamesTheWholeCommand(string hint, params string[] arguments) =>
        Assert.EndsWith($"{Environment.NewLine}{hint} tells how it is used.", Refusal(arguments));

    [Theory]
    [InlineData("HOME is a folder, and a file is wanted.", "continue", "HOME", "-o", "o.mid")]
    [InlineData("--model: HOME is a folder, and a file is wanted.", "continue", "a.mid", "-o", "o.mid", "--model", "HOME")]
    [InlineData("HOME is a folder, and a file is wanted. `musicrnn dataset prepare` makes a corpus of a folder.", "dataset", "describe", "HOME")]
    [InlineData("--data: HOME is a folder, and a file is wanted. `musicrnn dataset prepare` makes a corpus of a folder.", "train", "--data", "HOME")]
    [InlineData("--config: there is no file HOME/none.json.", "render", "a.mid", "-o", "o.wav", "--config", "HOME/none.json")]
    [InlineData("there is no file HOME/none.safetensors.", "model", "describe", "HOME/none.safetensors")]
    [InlineData("there is no folder HOME/none.", "dataset", "prepare", "HOME/none")]
    [InlineData("HOME/a.mid is a file, and a folder is wanted.", "dataset", "prepare", "HOME/a.mid")]
    [InlineData("--data: there is no file or folder HOME/none.", "evaluate", "--data", "HOME/none")]
    [InlineData("--folder: there is no folder HOME/misspelt.", "takes", "--folder", "HOME/misspelt")]
    [InlineData("--folder: HOME/a.mid is a file, and a folder is wanted.", "takes", "--folder", "a.mid")]
    [InlineData("--fast plays nothing aloud; what it would sound like is written as take.wav. Leave out --audio.", "demo", "--fast", "--audio", "file:o.wav")]
    [InlineData("--seed is -1; it must be a whole number from 0 to 2147483647.", "run", "--seed", "-1")]
    public void WhatIsNotOfTheKindThatIsWantedIsNamed(string message, params string[] arguments)
    {
        _terminal.MakeSeed("a.mid");

        string error = Refusal([.. arguments.Select(argument => argument == "a.mid" ? _terminal.File(argument) : argument.Replace("HOME", _terminal.Home.Path, StringComparison.Ordinal))]);

        Assert.StartsWith(message.Replace("HOME", _terminal.Home.Path, StringComparison.Ordinal) + Environment.NewLine, error);
    }

    [Theory]
    [InlineData("HOME cannot be written: it is a folder. Name another file by -o.", "dataset", "prepare", "HOME", "-o", "HOME")]
    [InlineData("HOME/none/q.mid cannot be written: there is no folder HOME/none. Name another file by --midi-out.", "run", "--fast", "--midi-in", "file:a.mid", "--midi-out", "file:HOME/none/q.mid")]
    [InlineData("the folder HOME/a.mid cannot be written to: ", "evaluate", "--data", "HOME", "--plots", "HOME/a.mid")]
    [InlineData("the folder HOME/a.mid cannot be written to: ", "dataset", "describe", "HOME/a.mid", "-o", "HOME/a.mid")]
    public void WhereNothingCanBeWrittenIsToldBeforeTheWork(string message, params string[] arguments)
    {
        _terminal.MakeSeed("a.mid");

        string error = _terminal.TypeInVain(ExitCode.Failed, [.. arguments.Select(argument => argument.Replace("HOME", _terminal.Home.Path, StringComparison.Ordinal))]);

        Assert.StartsWith(message.Replace("HOME", _terminal.Home.Path, StringComparison.Ordinal), error);
    }

    private string Refusal(params string[] arguments) => _terminal.TypeInVain(ExitCode.WrongArguments, arguments);
}

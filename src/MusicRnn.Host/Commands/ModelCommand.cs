using System.CommandLine;
using MusicRnn.Charts;
using MusicRnn.Host.Services;
using MusicRnn.Model;

namespace MusicRnn.Host.Commands;

/// <summary><c>musicrnn model</c>: looks at networks.</summary>
internal sealed class ModelCommand : ExampleCommand
{
    /// <summary>Makes the command.</summary>
    public ModelCommand(Workplace workplace)
        : base("model", "Looks at a network.")
    {
        Examples = [("musicrnn model describe", "what the shipped network is made of")];
        Subcommands.Add(new DescribeCommand(workplace));
    }

    private sealed class DescribeCommand : ExampleCommand
    {
        public DescribeCommand(Workplace workplace)
            : base("describe", "Tells what a network is made of: what it reads, its layers and heads, their shapes and parameters, and what came with the weights.")
        {
            var file = new Argument<FileInfo>("weights") { Description = "The weights (safetensors); without it, the shipped ones.", Arity = ArgumentArity.ZeroOrOne };
            file.Validators.Add(InputFile.Check);
            var plot = new Option<string>("--plot") { HelpName = "FILE", Description = "Draw it (SVG), too." };
            Arguments.Add(file);
            Options.Add(plot);
            Examples =
            [
                ("musicrnn model describe", "the shipped network"),
                ("musicrnn model describe mine.safetensors --plot mine.svg", "your own, as a picture too"),
            ];
            Notes = "A head is given what the heads before it have said of the same note. The hash is what takes name their model by.";
            SetAction(parsed =>
            {
                OutputFile? picture = OutputFile.Of(parsed.GetValue(plot), "--plot");
                string path = parsed.GetValue(file)?.FullName ?? workplace.Installation.Resolve("models/maestro.safetensors");
                OutputFile.KeepApart([path], picture);
                using Network network = ModelFile.Load(path);
                TextWriter output = parsed.InvocationConfiguration.Output;
                Describe(network, path, output);
                if (picture is not null)
                {
                    picture.Write(new NetworkDiagram(Path.GetFileName(path), network.Layout).ToSvg());
                    output.WriteLine($"drawn into {picture.Path}");
                }

                return ExitCode.Done;
            });
        }

        private static void Describe(Network network, string path, TextWriter output)
        {
            output.WriteLine(path);
            output.WriteLine($"hash {network.Hash}");
            output.WriteLine();
            TextTable.Write(output, ["part", "shape", "parameters", "given"],
            [
                .. NetworkPart.Of(network.Layout).Select(part => (string[])
                [
                    part.Kind switch { NetworkPartKind.Input => "input ", NetworkPartKind.Layer => "LSTM ", NetworkPartKind.Head => "head ", _ => "" } + part.Name,
                    part.Shape, FormattableString.Invariant($"{part.Parameters}"), string.Join(", ", part.HasAttention ? [.. part.Given, "attention of its own"] : part.Given),
                ]),
                ["all", "", FormattableString.Invariant($"{network.Layout.Parameters}"), ""],
            ]);
            if (network.Metadata.Count > 0)
            {
                output.WriteLine();
                foreach ((string key, string value) in network.Metadata)
                {
                    output.WriteLine($"{key} = {value}");
                }

                output.WriteLine();
            }
        }
    }
}

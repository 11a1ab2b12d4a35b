using System.Globalization;
using MusicRnn.Benchmarks;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
(string Name, string What, Action Run)[] probes =
[
    ("gemm", "matrix products at LSTM shapes, against the machine's peak", GemmProbe.Run),
    ("training", "notes a second in training, against the peak and PyTorch", TrainingProbe.Run),
    ("note", "microseconds a sampled note, beside PyTorch's LSTM step", NoteProbe.Run),
    ("synth", "how much faster than real time the synthesiser is, beside FluidSynth, and the time of a block", SynthProbe.Run),
];
string[] wanted = args.Length == 0 ? [.. probes.Select(probe => probe.Name)] : args;
if (wanted.FirstOrDefault(name => probes.All(probe => probe.Name != name)) is { } unknown)
{
    Console.Error.WriteLine($"There is no benchmark {unknown}. There are: {string.Join(", ", probes.Select(probe => probe.Name))}; without a name all run.");
    return 2;
}

foreach ((string name, string what, Action run) in probes.Where(probe => wanted.Contains(probe.Name)))
{
    Console.WriteLine($"== {name}: {what}");
    run();
    Console.WriteLine();
}

return 0;

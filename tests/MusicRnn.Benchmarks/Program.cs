using System.Globalization;
using MusicRnn.Benchmarks;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
(string Name, string What, Action Run)[] probes =
[
    ("gemm", "matrix products at LSTM shapes, against the machine's peak", GemmProbe.Run),
    ("training", "notes a second in training, against the peak and PyTorch", TrainingProbe.Run),
    ("note", "microseconds a sampled note, beside PyTorch's LSTM step", NoteProbe.Run),
    ("synth", "how much faster than real time the synthesiser is, beside FluidSynth, and the time of a block", SynthProbe.Run),
    ("arrival", "from when a message is due to its arrival at a receiver, beside a C client", ArrivalProbe.Run),
    ("turn", "from the turn to the answer's first note, less its own due time", TurnProbe.Run),
    ("playing", "xruns at 128 frames while settings reload and takes are saved, beside an empty client; pauses", PlayingProbe.Run),
    ("service", "start to ready, idle processor, memory", ServiceProbe.Run),
];
if (args is [AlsaArrival.Inside])
{
    AlsaArrival.Measure();
    return 0;
}

string[] wanted = args is [] or ["all"] ? [.. probes.Select(probe => probe.Name)] : args;
if (wanted.FirstOrDefault(name => probes.All(probe => probe.Name != name)) is { } unknown)
{
    Console.Error.WriteLine($"There is no benchmark {unknown}. There are: {string.Join(", ", probes.Select(probe => probe.Name))}; all, or no name, runs them all.");
    return 2;
}

foreach ((string name, string what, Action run) in probes.Where(probe => wanted.Contains(probe.Name)))
{
    Console.WriteLine($"== {name}: {what}");
    try
    {
        run();
    }
    catch (MissingPartException exception)
    {
        Console.WriteLine($"not measured: {exception.Message}");
    }

    Console.WriteLine();
}

return 0;

using MusicRnn.Host;
using MusicRnn.Host.Commands;

return await CommandLine.RunAsync(args, Workplace.OfThisProcess(), Console.Out, Console.Error);

namespace MusicRnn.Host.Commands;

/// <summary><c>musicrnn dataset</c>: makes what <c>train</c> and <c>evaluate</c> read.</summary>
internal sealed class DatasetCommand : ExampleCommand
{
    /// <summary>Makes the command.</summary>
    public DatasetCommand(Workplace workplace)
        : base("dataset", "Fetches music to learn from, and makes of a folder of MIDI files the corpus that train and evaluate read.")
    {
        Examples =
        [
            ("musicrnn dataset fetch maestro-v2", "two hundred hours of piano playing"),
            ("musicrnn dataset prepare ~/midi -o notes.corpus", "a corpus of your own music"),
            ("musicrnn dataset describe notes.corpus", "what is in it"),
        ];
        Subcommands.Add(new DatasetFetchCommand(workplace));
        Subcommands.Add(new DatasetPrepareCommand());
        Subcommands.Add(new DatasetDescribeCommand());
    }
}

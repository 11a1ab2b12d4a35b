using System.CommandLine;
using MusicRnn.Host.Datasets;

namespace MusicRnn.Host.Commands;

/// <summary><c>musicrnn dataset fetch</c>: downloads a published data set.</summary>
internal sealed class DatasetFetchCommand : ExampleCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Makes the command.</summary>
    public DatasetFetchCommand(Workplace workplace)
        : base("fetch", "Downloads a published data set and unpacks it; called again, it goes on where it was stopped.")
    {
        var name = new Argument<string>("name") { Description = "Which data set." };
        name.AcceptOnlyFromAmong([.. PublishedDataset.All.Select(dataset => dataset.Name)]);
        string usual = Path.Combine(workplace.Folders.Data, "datasets");
        var output = new Option<string>("--output", "-o") { HelpName = "FOLDER", Description = "The folder to unpack into.", DefaultValueFactory = _ => usual };
        var from = new Option<Uri>("--from")
        {
            HelpName = "URL",
            Description = "Another address of the same archive, such as a mirror. The checksum stays the published one.",
            CustomParser = result => Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" ? address : Refuse(result),
        };
        Arguments.Add(name);
        Options.Add(output);
        Options.Add(from);
        Examples =
        [
            ("musicrnn dataset fetch maestro-v2", "MAESTRO 2.0.0, 59 MB, which the shipped network learned from"),
            ("musicrnn dataset fetch maestro-v3 -o ~/midi", "MAESTRO 3.0.0, into a folder of your own"),
        ];
        Notes = "The archive's SHA-256 is checked against the published one before anything is unpacked.";
        SetAction(async (parsed, stop) =>
        {
            PublishedDataset dataset = PublishedDataset.All.First(dataset => dataset.Name == parsed.GetValue(name));
            using HttpClient client = MakeClient();
            await FetchAsync(dataset with { Address = parsed.GetValue(from) ?? dataset.Address }, Path.GetFullPath(parsed.GetRequiredValue(output)), client, Pause, parsed.InvocationConfiguration, stop);
            return ExitCode.Done;
        });
    }

    /// <summary>Fetches a data set, shows its licence first, and says where it is.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="parent">Where its folder comes to lie.</param>
    /// <param name="client">Makes the requests.</param>
    /// <param name="pause">How long to wait before another attempt.</param>
    /// <param name="console">Where it speaks.</param>
    /// <param name="stop">Stops it; what came is kept.</param>
    internal static async Task FetchAsync(
        PublishedDataset dataset, string parent, HttpClient client, TimeSpan pause, InvocationConfiguration console, CancellationToken stop)
    {
        string folder = Path.Combine(parent, dataset.Folder);
        console.Error.WriteLine(dataset.Title);
        console.Error.WriteLine($"Licence: {dataset.Licence}");
        console.Error.WriteLine($"Credit: {dataset.Credit}");
        if (Directory.Exists(folder))
        {
            console.Error.WriteLine("It is here already.");
        }
        else
        {
            OutputFolder.Make(parent, "-o");
            string archive = Path.Combine(parent, dataset.Folder + ".zip.part");
            var download = new Download(client, dataset.Address, archive, dataset.Length, dataset.Sha256, pause);
            console.Error.WriteLine($"From {dataset.Address}");
            await WorkProgress.ShowAsync(console.Error, "fetching", "bytes", async tell =>
            {
                await download.RunAsync(done => tell(done, dataset.Length), stop);
                return true;
            });
            await WorkProgress.ShowAsync(console.Error, "unpacking", "files", tell => Task.Run(
                () =>
                {
                    ArchiveFolder.Extract(archive, dataset.Folder, parent, (done, total) => tell(done, total), stop);
                    return true;
                },
                stop));
            File.Delete(archive);
            File.Delete(archive + ".tag");
        }

        console.Output.WriteLine(folder);
        console.Error.WriteLine($"Next: musicrnn dataset prepare {folder}");
    }

    private static HttpClient MakeClient()
    {
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(20) };
        var client = new HttpClient(handler) { Timeout = TimeSpan.FromMinutes(2) }; // to the answer's first line; the body has a patience of its own
        client.DefaultRequestHeaders.UserAgent.ParseAdd("musicrnn");
        return client;
    }

    private static Uri? Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"--from {result.Tokens[0].Value}: an address is expected, as in https://example.org/archive.zip.");
        return null;
    }
}

using System.CommandLine;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using MusicRnn.Host.Commands;
using MusicRnn.Host.Datasets;

namespace MusicRnn.Host.Tests.Datasets;

public sealed class DatasetFetchTests : IDisposable
{
    private static readonly byte[] Noise = MakeNoise();
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task WhatIsFetchedIsCheckedUnpackedAndAllThatIsLeft()
    {
        using var server = new ArchiveServer(Zip(("set/a.mid", Noise), ("set/2004/b.mid", [1, 2, 3]), ("elsewhere/c.mid", [4])));

        await FetchAsync(server, server.Content);

        Assert.Equal([_folder.File("set")], Directory.EnumerateFileSystemEntries(_folder.Path));
        Assert.Equal(Noise, File.ReadAllBytes(_folder.File("set/a.mid")));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(_folder.File("set/2004/b.mid")));
        Assert.Equal(_folder.File("set"), _output.ToString().Trim());
        Assert.Contains("share alike", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains($"fetching: {server.Content.Length} of {server.Content.Length} bytes", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsHereIsNotFetchedAgain()
    {
        using var server = new ArchiveServer(Zip(("set/a.mid", [1])));
        await FetchAsync(server, server.Content);

        await FetchAsync(server, server.Content);

        Assert.Single(server.Requests);
        Assert.Contains("here already", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABrokenTransferGoesOnWhereItBroke()
    {
        using var server = new ArchiveServer(Zip(("set/a.mid", Noise))) { Breaks = 3, BreakAfter = 30_000 };

        await FetchAsync(server, server.Content);

        Assert.Equal(Noise, File.ReadAllBytes(_folder.File("set/a.mid")));
        Assert.Equal((null, null), server.Requests.First());
        Assert.Equal(4, server.Requests.Count);
        long[] starts = [.. server.Requests.Skip(1).Select(request => long.Parse(request.Range!["bytes=".Length..].TrimEnd('-'), System.Globalization.CultureInfo.InvariantCulture))];
        Assert.True(starts[0] > 0 && starts.SequenceEqual(starts.Order()));
        Assert.All(server.Requests.Skip(1), request => Assert.Equal("\"one\"", request.IfRange));
    }

    [Fact]
    public async Task AFetchThatWasStoppedGoesOnInTheNextRun()
    {
        byte[] archive = Zip(("set/a.mid", Noise));
        using var server = new ArchiveServer(archive) { Breaks = 1, BreakAfter = 30_000 };
        using var stop = new CancellationTokenSource();
        Download first = MakeDownload(server, archive, TimeSpan.FromDays(1));
        Task run = first.RunAsync(_ => stop.CancelAfter(TimeSpan.FromMilliseconds(100)), stop.Token); // stopped while it waits to try again
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        long kept = new FileInfo(_folder.File("set.zip.part")).Length;
        Assert.InRange(kept, 1, archive.Length - 1);

        await FetchAsync(server, archive);

        Assert.Equal($"bytes={kept}-", server.Requests.Last().Range);
        Assert.Equal(Noise, File.ReadAllBytes(_folder.File("set/a.mid")));
    }

    [Fact]
    public async Task AServerThatOnlyBreaksOffIsGivenUpWithWhatCameKept()
    {
        byte[] archive = Zip(("set/a.mid", Noise));
        using var server = new ArchiveServer(archive) { Breaks = int.MaxValue, BreakAfter = 0 };

        IOException failure = await Assert.ThrowsAsync<IOException>(() => FetchAsync(server, archive));

        Assert.Contains("ended prematurely", failure.Message, StringComparison.Ordinal);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task AFileThatChangedOnTheServerIsFetchedFromItsBeginning()
    {
        byte[] archive = Zip(("set/a.mid", Noise));
        File.WriteAllBytes(_folder.File("set.zip.part"), new byte[1000]);
        File.WriteAllText(_folder.File("set.zip.part.tag"), "\"old\"");
        using var server = new ArchiveServer(archive);

        await FetchAsync(server, archive);

        Assert.Equal([("bytes=1000-", "\"old\"")], server.Requests);
        Assert.Equal(Noise, File.ReadAllBytes(_folder.File("set/a.mid")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("W/\"weak\"")]
    public async Task WithoutAStrongTagABrokenTransferBeginsAgain(string? tag)
    {
        byte[] archive = Zip(("set/a.mid", Noise));
        using var server = new ArchiveServer(archive) { Tag = tag, Breaks = 1, BreakAfter = 30_000 };

        await FetchAsync(server, archive);

        Assert.Equal([(null, null), (null, null)], server.Requests);
        Assert.Equal(Noise, File.ReadAllBytes(_folder.File("set/a.mid")));
    }

    [Fact]
    public async Task AWrongChecksumIsRefusedAndNothingIsUnpacked()
    {
        byte[] archive = Zip(("set/a.mid", Noise)), damaged = [.. archive];
        damaged[archive.Length / 2] ^= 1;
        using var server = new ArchiveServer(damaged);

        InvalidDataException failure = await Assert.ThrowsAsync<InvalidDataException>(() => FetchAsync(server, archive));

        Assert.Contains("SHA-256", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task AFileOfAnotherLengthIsRefusedBeforeItComes()
    {
        byte[] archive = Zip(("set/a.mid", Noise));
        using var server = new ArchiveServer([.. archive, 0]);

        InvalidDataException failure = await Assert.ThrowsAsync<InvalidDataException>(() => FetchAsync(server, archive));

        Assert.Contains($"{archive.Length + 1} bytes", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, 1)]
    [InlineData(HttpStatusCode.Forbidden, 1)]
    [InlineData(HttpStatusCode.ServiceUnavailable, 4)]
    public async Task ARefusalIsToldAndOnlyOneThatMayPassIsTriedAgain(HttpStatusCode status, int requests)
    {
        byte[] archive = Zip(("set/a.mid", Noise));
        using var server = new ArchiveServer(archive) { Refusal = status };

        IOException failure = await Assert.ThrowsAnyAsync<IOException>(() => FetchAsync(server, archive));

        Assert.Contains(((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture), failure.Message, StringComparison.Ordinal);
        Assert.Contains(server.Address.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.Equal(requests, server.Requests.Count);
    }

    [Theory]
    [InlineData("set/../../outside.mid")]
    [InlineData("../outside.mid")]
    [InlineData("/outside.mid")]
    public async Task NoEntryIsUnpackedOutsideTheFolder(string entry)
    {
        byte[] archive = Zip(("set/a.mid", [1]), (entry, [2]));
        using var server = new ArchiveServer(archive);
        string parent = Directory.CreateDirectory(_folder.File("inner")).FullName;

        InvalidDataException failure = await Assert.ThrowsAsync<InvalidDataException>(() => FetchAsync(server, archive, parent));

        Assert.Contains(entry, failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(parent, "set")));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "outside.mid", SearchOption.AllDirectories));
        Assert.False(File.Exists("/outside.mid"));
    }

    [Fact]
    public async Task AnArchiveWithoutTheFolderIsRefused()
    {
        using var server = new ArchiveServer(Zip(("other/a.mid", [1])));

        InvalidDataException failure = await Assert.ThrowsAsync<InvalidDataException>(() => FetchAsync(server, server.Content));

        Assert.Contains("no folder set", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutANetworkTheCommandSaysSo()
    {
        string address = $"http://127.0.0.1:{ArchiveServer.FreePort()}/archive.zip";

        (int exitCode, string output, string error) = HostProcess.Run(_folder, ["dataset", "fetch", "maestro-v2", "--from", address]);

        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        Assert.Contains($"musicrnn: {address} cannot be fetched: Connection refused", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void AServerOfAnotherFileIsNotBelievedByTheCommand()
    {
        using var server = new ArchiveServer([1, 2, 3]);

        (int exitCode, _, string error) = HostProcess.Run(_folder, ["dataset", "fetch", "maestro-v3", "--from", server.Address.ToString()]);

        Assert.Equal(1, exitCode);
        Assert.Contains("CC BY-NC-SA 4.0", error, StringComparison.Ordinal);
        Assert.Contains("is a file of 3 bytes, where 58416533 are published", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("maestro-v9")]
    [InlineData("maestro-v2", "--from", "not an address")]
    public void WrongArgumentsAreTold(params string[] arguments)
    {
        (int exitCode, _, string error) = HostProcess.Run(_folder, ["dataset", "fetch", .. arguments]);

        Assert.Equal(2, exitCode);
        Assert.Contains(arguments[^1], error, StringComparison.Ordinal);
    }

    private static byte[] MakeNoise()
    {
        byte[] noise = new byte[200_000];
        new Random(1).NextBytes(noise);
        return noise;
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    private static PublishedDataset Dataset(Uri address, byte[] archive) => new(
        "set", "A set", "set", address, archive.Length, Convert.ToHexStringLower(SHA256.HashData(archive)), "share alike", "Somebody");

    private Download MakeDownload(ArchiveServer server, byte[] archive, TimeSpan pause)
    {
        PublishedDataset set = Dataset(server.Address, archive);
        return new Download(_client, set.Address, _folder.File("set.zip.part"), set.Length, set.Sha256, pause);
    }

    private Task FetchAsync(ArchiveServer server, byte[] published, string? parent = null) => DatasetFetchCommand.FetchAsync(
        Dataset(server.Address, published), parent ?? _folder.Path, _client, TimeSpan.Zero,
        new InvocationConfiguration { Output = _output, Error = _error }, TestContext.Current.CancellationToken);
}

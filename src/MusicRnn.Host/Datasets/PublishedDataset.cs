namespace MusicRnn.Host.Datasets;

/// <summary>A data set that its makers publish as a zip archive.</summary>
/// <param name="Name">What it is asked for by.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Folder">The one folder in the archive that holds it all.</param>
/// <param name="Address">Where the archive is published.</param>
/// <param name="Length">The archive's length in bytes.</param>
/// <param name="Sha256">The archive's SHA-256 in lower-case hexadecimal.</param>
/// <param name="Licence">The licence, and what it asks for.</param>
/// <param name="Credit">Whom to name.</param>
internal sealed record PublishedDataset(
    string Name, string Title, string Folder, Uri Address, long Length, string Sha256, string Licence, string Credit)
{
    private const string MaestroLicence =
        "CC BY-NC-SA 4.0 (https://creativecommons.org/licenses/by-nc-sa/4.0/): credit its makers, no commercial use, share alike.";

    private const string MaestroCredit =
        "Hawthorne et al., \"Enabling Factorized Piano Music Modeling and Generation with the MAESTRO Dataset\", ICLR 2019.";

    /// <summary>Every data set that can be fetched. The checksums are those of https://magenta.withgoogle.com/datasets/maestro.</summary>
    public static IReadOnlyList<PublishedDataset> All { get; } =
    [
        Maestro("maestro-v2", "2.0.0", 59_243_107, "ec2cc9d94886c6b376db1eaa2b8ad1ce62ff9f0a28b3744782b13163295dadf3"),
        Maestro("maestro-v3", "3.0.0", 58_416_533, "70470ee253295c8d2c71e6d9d4a815189e35c89624b76d22fce5a019d5dde12c"),
    ];

    private static PublishedDataset Maestro(string name, string version, long length, string sha256) => new(
        name, $"MAESTRO {version}, the MIDI files alone", $"maestro-v{version}",
        new Uri($"https://storage.googleapis.com/magentadata/datasets/maestro/v{version}/maestro-v{version}-midi.zip"),
        length, sha256, MaestroLicence, MaestroCredit);
}

using System.Net;

namespace MusicRnn.Host.Options;

/// <summary>The page that the instrument serves to browsers.</summary>
public sealed class PanelOptions
{
    /// <summary>The fewest characters of <see cref="Token"/>.</summary>
    public const int ShortestToken = 16;

    /// <summary>Whether the page is served. Default: true.</summary>
    [NextStart]
    public bool Enabled { get; set; } = true;

    /// <summary>The address that it is served at; any but this machine's own needs Token. Default: 127.0.0.1, which only this machine reaches.</summary>
    [NextStart]
    [RegularExpression("^[0-9a-fA-F.:]+$", ErrorMessage = "a numeric address, as 127.0.0.1 or 0.0.0.0")]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port that it is served at; 0 takes any that is free. Default: 8017.</summary>
    [NextStart]
    [Range(0, 65535)]
    public int Port { get; set; } = 8017;

    /// <summary>A secret of 16 characters or more that a browser must show: its first visit is to /?token=TOKEN. Default: null, which is none.</summary>
    [NextStart]
    public string? Token { get; set; }

    /// <summary>Whether only this machine can reach it.</summary>
    internal bool IsLocal => IPAddress.TryParse(Address, out IPAddress? address) && IPAddress.IsLoopback(address);

    /// <summary>What is wrong between settings that are each right alone: the key, and the end of a sentence that begins with it.</summary>
    internal IEnumerable<(string Key, string Problem)> Conflicts()
    {
        if (!IPAddress.TryParse(Address, out _))
        {
            yield return ("Panel:Address", $"is {Address}, which is no address; 127.0.0.1 is this machine, 0.0.0.0 every network it is in.");
        }
        else if (!IsLocal && string.IsNullOrEmpty(Token))
        {
            yield return ("Panel:Address", $"is {Address}, which other machines reach; set Panel:Token to a secret of {ShortestToken} characters or more, or leave it at 127.0.0.1.");
        }

        if (!string.IsNullOrEmpty(Token) && Token.Length < ShortestToken)
        {
            yield return ("Panel:Token", $"is {Token.Length} characters long; a secret has {ShortestToken} or more.");
        }
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace MusicRnn.Host.Datasets;

/// <summary>
/// Fetches a file of known length and checksum over HTTP. What came is kept, and the next attempt, in this run or a later one, goes on
/// behind it as long as the server's file is the same by its entity tag (RFC 9110, sections 13.1.5 and 14).
/// </summary>
/// <param name="client">Makes the requests.</param>
/// <param name="address">The file's address.</param>
/// <param name="path">Where it is kept while it comes and afterwards; the tag stands beside it, ending in <c>.tag</c>.</param>
/// <param name="length">Its length in bytes.</param>
/// <param name="sha256">Its SHA-256 in lower-case hexadecimal.</param>
/// <param name="pause">How long to wait before a second attempt, twice that before a third.</param>
internal sealed class Download(HttpClient client, Uri address, string path, long length, string sha256, TimeSpan pause)
{
    private const int MostAttempts = 4; // without a byte in between
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60); // without a byte

    private string TagPath => path + ".tag";

    /// <summary>Fetches the file, or what is missing of it, and checks it.</summary>
    /// <param name="progress">Told how many bytes there are.</param>
    /// <param name="stop">Stops it; what came is kept.</param>
    /// <exception cref="IOException">The server cannot be reached, refuses, or breaks off again and again.</exception>
    /// <exception cref="InvalidDataException">What it serves is another file.</exception>
    public async Task RunAsync(Action<long> progress, CancellationToken stop)
    {
        for (int attempt = 1; Kept() < length; attempt++)
        {
            long before = Kept();
            try
            {
                await ReceiveAsync(progress, stop);
            }
            catch (Exception exception) when (exception is HttpRequestException or HttpIOException or TimeoutException)
            {
                attempt = Kept() > before ? 1 : attempt;
                if (attempt >= MostAttempts || !MayPass(exception))
                {
                    string next = Kept() > 0
                        ? $"{Kept()} of {length} bytes are kept in {path}; the same command goes on from there"
                        : "Check the address and the network, or name a mirror with --from";
                    throw new IOException($"{address} cannot be fetched: {exception.Message.TrimEnd('.')}. {next}.", exception);
                }

                await Task.Delay(pause * attempt, stop);
            }
        }

        progress(length);
        await CheckAsync(stop);
    }

    private static bool MayPass(Exception exception) => exception switch
    {
        HttpRequestException { StatusCode: { } status } => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } => false,
        _ => true,
    };

    private long Kept() => File.Exists(path) ? new FileInfo(path).Length : 0;

    private async Task ReceiveAsync(Action<long> progress, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        long kept = Kept();
        if (kept > 0 && File.Exists(TagPath) && EntityTagHeaderValue.TryParse(await File.ReadAllTextAsync(TagPath, stop), out EntityTagHeaderValue? tag))
        {
            request.Headers.Range = new RangeHeaderValue(kept, null);
            request.Headers.IfRange = new RangeConditionHeaderValue(tag);
        }

        using HttpResponseMessage response = await SendAsync(request, stop);
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                kept = 0;
                break;
            case HttpStatusCode.PartialContent when response.Content.Headers.ContentRange?.From == kept:
                break;
            default:
                throw new HttpRequestException($"the server answers {(int)response.StatusCode} {response.ReasonPhrase}", null, response.StatusCode);
        }

        if (response.Content.Headers.ContentLength is { } rest && kept + rest != length)
        {
            throw new InvalidDataException($"{address} is a file of {kept + rest} bytes, where {length} are published: it is another one. Check the address.");
        }

        // Only a strong tag says that the bytes are the same (RFC 9110, section 13.1.5).
        await File.WriteAllTextAsync(TagPath, response.Headers.ETag is { IsWeak: false } strong ? strong.ToString() : "", stop);
        await using Stream body = await response.Content.ReadAsStreamAsync(stop);
        await using var file = new FileStream(path, kept > 0 ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read);
        await CopyAsync(body, file, progress, stop);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        }
        catch (OperationCanceledException exception) when (exception.InnerException is TimeoutException)
        {
            throw new TimeoutException("the server does not answer", exception);
        }
    }

    private async Task CopyAsync(Stream body, FileStream file, Action<long> progress, CancellationToken stop)
    {
        byte[] buffer = new byte[1 << 16];
        while (true)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(Patience);
            int count;
            try
            {
                count = await body.ReadAsync(buffer, patience.Token);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                throw new TimeoutException($"nothing came for {Patience.TotalSeconds:F0} s");
            }

            if (count == 0)
            {
                break;
            }

            if (file.Length + count > length)
            {
                throw new InvalidDataException($"{address} goes on past the {length} bytes that are published: it is another file. Check the address.");
            }

            await file.WriteAsync(buffer.AsMemory(0, count), stop);
            await file.FlushAsync(stop);
            progress(file.Length);
        }

        if (file.Length < length)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, "the transfer broke off");
        }
    }

    private async Task CheckAsync(CancellationToken stop)
    {
        string found;
        await using (FileStream file = File.OpenRead(path))
        {
            found = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, stop));
        }

        if (found != sha256)
        {
            File.Delete(path);
            File.Delete(TagPath);
            throw new InvalidDataException($"{address} gave a file with the SHA-256 {found}, where {sha256} is published: it was damaged on its way, or is another one. It was deleted; run the command again, or name a mirror with --from.");
        }
    }
}

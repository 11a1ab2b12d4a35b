using System.IO.Compression;

namespace MusicRnn.Host.Datasets;

/// <summary>Unpacks a zip archive that holds one folder. No entry comes to lie outside it, and it appears whole or not at all.</summary>
internal static class ArchiveFolder
{
    private const long MostBytes = 2L << 30; // unpacked: more is no MIDI archive but a trap

    /// <summary>Unpacks an archive.</summary>
    /// <param name="archive">The zip file.</param>
    /// <param name="name">The folder within it; what lies beside it is left out.</param>
    /// <param name="parent">Where the folder comes to lie.</param>
    /// <param name="progress">Told how many of how many entries are unpacked.</param>
    /// <param name="stop">Stops it; nothing is left then.</param>
    /// <exception cref="InvalidDataException">It is no such archive, or an entry would lie elsewhere.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void Extract(string archive, string name, string parent, Action<int, int> progress, CancellationToken stop)
    {
        string draft = Path.GetFullPath(Path.Combine(parent, name + ".part"));
        Remove(draft);
        try
        {
            using ZipArchive zip = ZipFile.OpenRead(archive);
            long left = MostBytes;
            for (int i = 0; i < zip.Entries.Count; i++)
            {
                stop.ThrowIfCancellationRequested();
                left -= Extract(zip.Entries[i], archive, draft, left);
                progress(i + 1, zip.Entries.Count);
            }

            string folder = Path.Combine(draft, name);
            if (!Directory.Exists(folder))
            {
                throw new InvalidDataException($"{archive} holds no folder {name}.");
            }

            Directory.Move(folder, Path.Combine(parent, name));
        }
        finally
        {
            Remove(draft);
        }
    }

    private static long Extract(ZipArchiveEntry entry, string archive, string draft, long most)
    {
        string path = Path.GetFullPath(Path.Combine(draft, entry.FullName));
        if (!path.StartsWith(draft + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{archive} is not to be trusted: its entry \"{entry.FullName}\" would lie outside its folder.");
        }

        if (entry.FullName.EndsWith('/'))
        {
            Directory.CreateDirectory(path);
            return 0;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using Stream source = entry.Open();
        using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        byte[] buffer = new byte[1 << 16];
        for (int count = source.Read(buffer); count > 0; count = source.Read(buffer))
        {
            if (target.Length + count > most)
            {
                throw new InvalidDataException($"{archive} is not to be trusted: unpacked it has more than {MostBytes} bytes.");
            }

            target.Write(buffer, 0, count);
        }

        return target.Length;
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

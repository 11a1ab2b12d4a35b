namespace MusicRnn;

/// <summary>A file that is written while it is played, by one program at a time: two would mix it.</summary>
public static class RecordedFile
{
    // Where no file reaches: others may read what is there so far.
    private const long LockedPlace = long.MaxValue - 1;

    /// <summary>Begins a file, over an older one.</summary>
    /// <exception cref="IOException">It cannot be written, or another program is writing it: then it stays as it is.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static FileStream Create(string path)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 1);
        try
        {
            if (file.CanSeek)
            {
                Lock(file, path);
                file.SetLength(0);
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void Lock(FileStream file, string path)
    {
        const int TryAgain = 11, Refused = 13, IsLocked = unchecked((int)0x80070021); // EAGAIN and EACCES of fcntl(2) on Linux; ERROR_LOCK_VIOLATION
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            file.Lock(LockedPlace, 1);
        }
        catch (IOException exception) when (exception.HResult is TryAgain or Refused or IsLocked)
        {
            throw new IOException($"{path} is being recorded to by another program. Name another file, or end that one first.", exception);
        }
        catch (IOException)
        {
            // This file system knows no locks.
        }
    }
}

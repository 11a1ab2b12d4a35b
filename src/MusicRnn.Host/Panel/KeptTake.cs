namespace MusicRnn.Host.Panel;

/// <summary>A take as a page lists it.</summary>
/// <param name="File">The file.</param>
/// <param name="Began">When it was played.</param>
/// <param name="Seconds">How long it is.</param>
/// <param name="PlayerNotes">The notes that the player played.</param>
/// <param name="MachineNotes">The notes that the machine played.</param>
internal sealed record KeptTake(string File, DateTimeOffset Began, double Seconds, int PlayerNotes, int MachineNotes)
{
    /// <summary>Its name: the file's, without folder and ending.</summary>
    public string Name => Path.GetFileNameWithoutExtension(File);
}

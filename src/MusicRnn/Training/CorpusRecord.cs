using System.Runtime.InteropServices;

namespace MusicRnn.Training;

/// <summary>One piece's 40 bytes in a corpus file; <see cref="Corpus"/> describes them.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = 40)]
internal struct CorpusRecord
{
    public long FirstNote;
    public long FirstPedal;
    public int NoteCount;
    public int PedalCount;
    public int TextOffset; // of the name; the composer follows it
    public int NameLength;
    public int ComposerLength;
    public int Split;
}

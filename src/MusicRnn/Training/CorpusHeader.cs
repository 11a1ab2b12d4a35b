using System.Runtime.InteropServices;

namespace MusicRnn.Training;

/// <summary>The first 64 bytes of a corpus file; <see cref="Corpus"/> describes them.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = 64)]
internal struct CorpusHeader
{
    public const int CurrentVersion = 1;

    public ulong Magic;
    public int Version;
    public int PieceCount;
    public long NoteCount;
    public long PedalCount;
    public long NotesOffset;
    public long PedalOffset;
    public long PiecesOffset;
    public int TextLength; // The text follows the pieces.

    public static ulong CurrentMagic => BitConverter.ToUInt64("MRNNCORP"u8);
}

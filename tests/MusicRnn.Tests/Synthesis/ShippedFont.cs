using MusicRnn.Synthesis;

namespace MusicRnn.Tests.Synthesis;

/// <summary>The font that the project ships, loaded once for all tests.</summary>
internal static class ShippedFont
{
    public static string Path { get; } = Find();

    public static SoundFont Font { get; } = SoundFont.Load(Path);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = System.IO.Path.Combine(folder.FullName, "soundfonts", "FluidR3-Selection.sf2");
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException("soundfonts/FluidR3-Selection.sf2 is in no folder above the tests.");
    }
}

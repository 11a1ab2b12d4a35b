using MusicRnn.Training;

namespace MusicRnn.Benchmarks;

/// <summary>What this machine's matrix unit can do: products of tiles that are there already, into four sums that do not wait for each other.</summary>
internal static unsafe class TilePeak
{
    private const int Rounds = 1_000_000;
    private const int Sums = 4;
    private const double Operations = 2.0 * 16 * 16 * 32; // of a tile by a tile

    private static readonly byte* Code = Load();

    /// <summary>Floating-point operations a second, in thousands of millions, of so many threads at once.</summary>
    public static double Measure(int threads) => FusedPeak.Abreast(threads, Operations * Sums * Rounds, () =>
    {
        byte* shapes = MatrixUnit.Shapes;
        ((delegate* unmanaged[Cdecl]<byte*, long, void>)Code)(shapes, Rounds);
    });

    private static byte* Load()
    {
        MachineCode code = new();
        code.ConfigureTiles(Register.Rdi);
        for (int tile = 0; tile < 8; tile++)
        {
            code.ZeroTile(tile);
        }

        int next = code.Here;
        for (int sum = 0; sum < Sums; sum++)
        {
            code.MultiplyTiles(sum, 4 + (sum / 2), 6 + (sum % 2));
        }

        code.Decrement(Register.Rsi);
        code.JumpBackUnlessZero(next);
        code.ReleaseTiles();
        code.Return();
        byte* loaded = ExecutableMemory.Load(code.Bytes);
        return loaded != null ? loaded : throw new MissingPartException("This system runs no code that a program makes.");
    }
}

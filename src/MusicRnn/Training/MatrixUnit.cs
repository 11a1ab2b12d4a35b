using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MusicRnn.Training;

/// <summary>
/// The part of a processor that multiplies whole tiles of bfloat16 with sums of 32 bits, many times as fast as its vector registers do floats:
/// Intel's AMX (Software Developer's Manual, volume 1, chapter 18), on Linux, which gives it to a process that asks. .NET
/// has no intrinsics for it, so its loop is written here in machine code.
/// </summary>
public static unsafe class MatrixUnit
{
    /// <summary>Rows of a block of A, columns of a panel of B: two tiles each.</summary>
    internal const int Side = 32;

    /// <summary>Columns of A that a tile holds, rows of B.</summary>
    internal const int Step = 32;

    /// <summary>Bytes of a tile: 16 rows of 64.</summary>
    internal const int TileBytes = 1024;

    private const int ShapesLength = 64;
    private const int Tiles = 8;
    private const int TileRows = 16;
    private const int TileRowBytes = 64;

    /// <summary>Whether this machine has it, and lets this process use it.</summary>
    public static bool IsThere => Shapes != null;

    /// <summary>The shapes of its tiles, all eight as large as they can be: 64 bytes, and behind them the code. Null where it is not there.</summary>
    internal static byte* Shapes { get; } = Prepare();

    /// <summary>C = A B or C += A B, where the unit is there.</summary>
    internal static void Multiply(ref MatrixProduct product)
    {
        product.Shapes = Shapes;
        fixed (MatrixProduct* pointer = &product)
        {
            ((delegate* unmanaged[Cdecl]<MatrixProduct*, void>)(Shapes + ShapesLength))(pointer);
        }
    }

    /// <summary>The code that multiplies: two tiles of A by two of B at a time, into four of sums.</summary>
    internal static byte[] Assemble()
    {
        const Register product = Register.Rdi, tileRow = Register.Rax, row = Register.Rcx, panel = Register.Rsi, panelResult = Register.Rdx;
        const Register panels = Register.R8, blocks = Register.R9, block = Register.R10, result = Register.R11, lower = Register.Rbx;
        const Register a = Register.Rbp, b = Register.R13, steps = Register.R14, scratch = Register.R15;
        MachineCode code = new();
        code.Push(lower, a, b, steps, scratch);
        Load(scratch, nameof(MatrixProduct.Shapes));
        code.ConfigureTiles(scratch);
        code.Set(tileRow, TileRowBytes);
        Load(row, nameof(MatrixProduct.Row));
        Load(panel, nameof(MatrixProduct.B));
        Load(panelResult, nameof(MatrixProduct.C));
        Load(panels, nameof(MatrixProduct.Panels));
        int nextPanel = code.Here;
        Load(block, nameof(MatrixProduct.A));
        Load(blocks, nameof(MatrixProduct.Blocks));
        code.Set(result, panelResult);
        int nextBlock = code.Here;
        Load(scratch, nameof(MatrixProduct.SixteenRows));
        code.Set(lower, result);
        code.Add(lower, scratch);
        Load(scratch, nameof(MatrixProduct.Accumulate));
        code.Test(scratch);
        int toZeros = code.JumpAhead(ifZero: true);
        ForEachSum(code.LoadTile);
        int toSums = code.JumpAhead(ifZero: false);
        code.Land(toZeros);
        ForEachSum((sums, _, _, _) => code.ZeroTile(sums));
        code.Land(toSums);
        code.Set(a, block);
        code.Set(b, panel);
        Load(steps, nameof(MatrixProduct.Steps));
        int nextStep = code.Here;
        code.LoadTile(4, a, tileRow, 0);
        code.LoadTile(6, b, tileRow, 0);
        code.LoadTile(7, b, tileRow, TileBytes);
        code.LoadTile(5, a, tileRow, TileBytes);
        code.MultiplyTiles(0, 4, 6);
        code.MultiplyTiles(1, 4, 7);
        code.MultiplyTiles(2, 5, 6);
        code.MultiplyTiles(3, 5, 7);
        code.Add(a, 2 * TileBytes);
        code.Add(b, 2 * TileBytes);
        code.Decrement(steps);
        code.JumpBackUnlessZero(nextStep);
        ForEachSum(code.StoreTile);
        Load(scratch, nameof(MatrixProduct.SixteenRows));
        code.Set(result, lower);
        code.Add(result, scratch);
        Load(scratch, nameof(MatrixProduct.Block));
        code.Add(block, scratch);
        code.Decrement(blocks);
        code.JumpBackUnlessZero(nextBlock);
        Load(scratch, nameof(MatrixProduct.Panel));
        code.Add(panel, scratch);
        code.Add(panelResult, Side * sizeof(float));
        code.Decrement(panels);
        code.JumpBackUnlessZero(nextPanel);
        code.ReleaseTiles();
        code.Pop(lower, a, b, steps, scratch);
        code.Return();
        return code.Bytes;

        void Load(Register target, string field) => code.Load(target, product, (int)Marshal.OffsetOf<MatrixProduct>(field));

        void ForEachSum(Action<int, Register, Register, int> emit)
        {
            emit(0, result, row, 0);
            emit(1, result, row, TileRowBytes);
            emit(2, lower, row, 0);
            emit(3, lower, row, TileRowBytes);
        }
    }

    /// <summary>Asks the system for the unit, and makes the code ready to run; null where either is impossible.</summary>
    private static byte* Prepare()
    {
        const int RequestComponent = 0x1023, TileData = 18; // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA: arch_prctl(2)
        const long ArchPrctl = 158; // its number on x64
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64 || !HasTiles()
            || !NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "syscall", out nint syscall)
            || ((delegate* unmanaged[Cdecl]<long, long, long, long>)syscall)(ArchPrctl, RequestComponent, TileData) != 0)
        {
            return null;
        }

        return ExecutableMemory.Load([.. TileShapes(), .. Assemble()]);
    }

    private static bool HasTiles()
    {
        const int Features = 7, Bfloat16 = 1 << 22, TileRegisters = 1 << 24; // CPUID leaf 7, EDX
        return Avx512BW.IsSupported && X86Base.CpuId(0, 0).Eax >= Features && (X86Base.CpuId(Features, 0).Edx & (Bfloat16 | TileRegisters)) == (Bfloat16 | TileRegisters);
    }

    /// <summary>What LDTILECFG reads (volume 2): the palette, then bytes of a row and rows of each tile.</summary>
    private static byte[] TileShapes()
    {
        const int Palette = 0, RowBytesOfFirst = 16, RowsOfFirst = 48;
        byte[] shapes = new byte[ShapesLength];
        shapes[Palette] = 1;
        for (int tile = 0; tile < Tiles; tile++)
        {
            shapes[RowBytesOfFirst + (sizeof(short) * tile)] = TileRowBytes;
            shapes[RowsOfFirst + tile] = TileRows;
        }

        return shapes;
    }
}

namespace MusicRnn.Training;

/// <summary>
/// Instructions of an x64 processor, one after another: the few that <see cref="MatrixUnit"/> is made of, for .NET has no
/// intrinsics for its tiles. Encodings are those of the Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2.
/// </summary>
internal sealed class MachineCode
{
    private const byte Wide = 0x48; // REX.W: operands of 64 bits
    private const byte TileOperand = 0x4B;
    private const byte TileState = 0x49;

    private readonly List<byte> _bytes = [];

    // The prefixes that a VEX prefix can stand for.
    private enum Implied
    {
        None = 0,
        F3 = 2,
        F2 = 3,
    }

    /// <summary>The instructions so far.</summary>
    public byte[] Bytes => [.. _bytes];

    /// <summary>Where the next instruction will be, for a jump back.</summary>
    public int Here => _bytes.Count;

    /// <summary>target = value.</summary>
    public void Set(Register target, int value)
    {
        Emit((byte)(Wide | High(target)), 0xC7, (byte)(0xC0 | Low(target)));
        EmitInteger(value);
    }

    /// <summary>target = source.</summary>
    public void Set(Register target, Register source) => Emit((byte)(Wide | (High(source) << 2) | High(target)), 0x89, Both(source, target));

    /// <summary>target = the 64 bits at an address and so many bytes.</summary>
    public void Load(Register target, Register address, int offset)
    {
        Emit((byte)(Wide | (High(target) << 2) | High(address)), 0x8B, (byte)(0x80 | (Low(target) << 3) | Low(address)));
        EmitInteger(offset);
    }

    /// <summary>target += value.</summary>
    public void Add(Register target, int value)
    {
        Emit((byte)(Wide | High(target)), 0x81, (byte)(0xC0 | Low(target)));
        EmitInteger(value);
    }

    /// <summary>target += source.</summary>
    public void Add(Register target, Register source) => Emit((byte)(Wide | (High(source) << 2) | High(target)), 0x01, Both(source, target));

    /// <summary>target -= 1, and asks whether it is 0.</summary>
    public void Decrement(Register target) => Emit((byte)(Wide | High(target)), 0xFF, (byte)(0xC8 | Low(target)));

    /// <summary>Asks whether a register is 0.</summary>
    public void Test(Register register) => Emit((byte)(Wide | (High(register) << 2) | High(register)), 0x85, Both(register, register));

    /// <summary>Goes back to <paramref name="place"/>, unless what was asked last is 0.</summary>
    public void JumpBackUnlessZero(int place)
    {
        Emit(0x0F, 0x85);
        EmitInteger(place - (Here + sizeof(int)));
    }

    /// <summary>Goes on further down if what was asked last is 0, or else if it is not.</summary>
    /// <returns>What <see cref="Land"/> takes.</returns>
    public int JumpAhead(bool ifZero)
    {
        Emit(0x0F, (byte)(ifZero ? 0x84 : 0x85));
        EmitInteger(0);
        return Here;
    }

    /// <summary>Lets a jump go to the next instruction.</summary>
    public void Land(int jump)
    {
        byte[] distance = BitConverter.GetBytes(Here - jump);
        for (int i = 0; i < distance.Length; i++)
        {
            _bytes[jump - distance.Length + i] = distance[i];
        }
    }

    /// <summary>Keeps registers on the stack.</summary>
    public void Push(params ReadOnlySpan<Register> registers)
    {
        foreach (Register register in registers)
        {
            Emit((byte)(0x40 | High(register)), (byte)(0x50 | Low(register)));
        }
    }

    /// <summary>Takes back what <see cref="Push"/> kept: the same registers in the same order.</summary>
    public void Pop(params ReadOnlySpan<Register> registers)
    {
        for (int i = registers.Length - 1; i >= 0; i--)
        {
            Emit((byte)(0x40 | High(registers[i])), (byte)(0x58 | Low(registers[i])));
        }
    }

    /// <summary>RET.</summary>
    public void Return() => Emit(0xC3);

    /// <summary>LDTILECFG: takes the tiles' shapes from the 64 bytes at an address.</summary>
    public void ConfigureTiles(Register address)
    {
        Vex(Implied.None, 0, High(address), 0);
        Emit(TileState, (byte)(0x80 | Low(address)));
        EmitInteger(0);
    }

    /// <summary>TILERELEASE: the tiles are not used any more.</summary>
    public void ReleaseTiles()
    {
        Vex(Implied.None, 0, 0, 0);
        Emit(TileState, 0xC0);
    }

    /// <summary>TILEZERO: tile = 0.</summary>
    public void ZeroTile(int tile)
    {
        Vex(Implied.F2, 0, 0, 0);
        Emit(TileState, (byte)(0xC0 | (tile << 3)));
    }

    /// <summary>TILELOADD: tile = rows at an address and an offset, so many bytes apart.</summary>
    public void LoadTile(int tile, Register address, Register apart, int offset) => Tile(Implied.F2, tile, address, apart, offset);

    /// <summary>TILESTORED: the rows at an address and an offset, so many bytes apart = tile.</summary>
    public void StoreTile(int tile, Register address, Register apart, int offset) => Tile(Implied.F3, tile, address, apart, offset);

    /// <summary>TDPBF16PS: sums += a b, a [16, 32] and b [16 pairs, 16] of bfloat16, the sums [16, 16] of floats.</summary>
    public void MultiplyTiles(int sums, int a, int b)
    {
        Vex(Implied.F3, 0, 0, b);
        Emit(0x5C, (byte)(0xC0 | (sums << 3) | a));
    }

    private static int Low(Register register) => (int)register & 7;

    private static int High(Register register) => (int)register >> 3;

    private static byte Both(Register first, Register second) => (byte)(0xC0 | (Low(first) << 3) | Low(second));

    private void Tile(Implied prefix, int tile, Register address, Register apart, int offset)
    {
        Vex(prefix, High(apart), High(address), 0);
        Emit(TileOperand, (byte)(0x84 | (tile << 3)), (byte)((Low(apart) << 3) | Low(address)));
        EmitInteger(offset);
    }

    /// <summary>The prefix of three bytes, for instructions of the second opcode map.</summary>
    private void Vex(Implied prefix, int index, int address, int operand) =>
        Emit(0xC4, (byte)(0x80 | ((1 - index) << 6) | ((1 - address) << 5) | 2), (byte)(((15 - operand) << 3) | (int)prefix));

    private void Emit(params ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

    private void EmitInteger(int value) => _bytes.AddRange(BitConverter.GetBytes(value));
}

using MusicRnn.Training;

namespace MusicRnn.Tests.Training;

/// <summary>The bytes on the right are those of GNU as 2.40 for the instruction in Intel's syntax; it shortens an offset of 0 or of one byte, so those here are longer.</summary>
public sealed class MachineCodeTests_GnuAssembler
{
    [Fact]
    public void EachInstructionHasTheAssemblersBytes()
    {
        Check(code => code.Set(Register.Rax, 64), "48C7C040000000"); // mov rax, 64
        Check(code => code.Set(Register.R11, Register.Rdx), "4989D3"); // mov r11, rdx
        Check(code => code.Set(Register.Rdi, Register.R14), "4C89F7"); // mov rdi, r14
        Check(code => code.Load(Register.R15, Register.Rdi, 0x11223344), "4C8BBF44332211"); // mov r15, [rdi+0x11223344]
        Check(code => code.Add(Register.R13, 2048), "4981C500080000"); // add r13, 2048
        Check(code => code.Add(Register.Rdx, 128), "4881C280000000"); // add rdx, 128
        Check(code => code.Add(Register.Rbx, Register.R15), "4C01FB"); // add rbx, r15
        Check(code => code.Decrement(Register.R14), "49FFCE"); // dec r14
        Check(code => code.Decrement(Register.Rsi), "48FFCE"); // dec rsi
        Check(code => code.Test(Register.R15), "4D85FF"); // test r15, r15
        Check(code => code.Push(Register.Rbx, Register.R13), "4053" + "4155"); // push rbx; push r13, with a prefix that says nothing before the first
        Check(code => code.Pop(Register.Rbx, Register.R13), "415D" + "405B"); // pop r13; pop rbx
        Check(code => code.Return(), "C3"); // ret
        Check(code => code.ReleaseTiles(), "C4E27849C0"); // tilerelease
        Check(code => code.ZeroTile(3), "C4E27B49D8"); // tilezero tmm3
        Check(code => code.LoadTile(4, Register.Rbp, Register.Rax, 1024), "C4E27B4BA40500040000"); // tileloadd tmm4, [rbp+rax+1024]
        Check(code => code.LoadTile(7, Register.R13, Register.Rax, 1024), "C4C27B4BBC0500040000"); // tileloadd tmm7, [r13+rax+1024]
        Check(code => code.StoreTile(1, Register.R11, Register.Rcx, 1024), "C4C27A4B8C0B00040000"); // tilestored [r11+rcx+1024], tmm1
        Check(code => code.StoreTile(3, Register.Rbx, Register.R9, 1024), "C4A27A4B9C0B00040000"); // tilestored [rbx+r9+1024], tmm3
        Check(code => code.MultiplyTiles(3, 5, 7), "C4E2425CDD"); // tdpbf16ps tmm3, tmm5, tmm7
        Check(code => code.MultiplyTiles(0, 4, 6), "C4E24A5CC4"); // tdpbf16ps tmm0, tmm4, tmm6
        Check(code => code.ConfigureTiles(Register.R15), "C4C2784987" + "00000000"); // ldtilecfg [r15]
        Check(code => code.ConfigureTiles(Register.Rsi), "C4E2784986" + "00000000"); // ldtilecfg [rsi]
    }

    [Fact]
    public void JumpsGoWhereTheyShould()
    {
        Check(
            code =>
            {
                int back = code.Here;
                code.Decrement(Register.Rsi);
                code.JumpBackUnlessZero(back);
                int ahead = code.JumpAhead(ifZero: true);
                code.Return();
                code.Land(ahead);
                code.Return();
            },
            "48FFCE" + "0F85F7FFFFFF" + "0F8401000000" + "C3" + "C3"); // again: dec rsi; jnz again; jz over; ret; over: ret
        Check(
            code =>
            {
                int ahead = code.JumpAhead(ifZero: false);
                code.Land(ahead);
            },
            "0F8500000000"); // jnz over; over:
    }

    private static void Check(Action<MachineCode> emit, string expected)
    {
        MachineCode code = new();
        emit(code);
        Assert.Equal(expected, Convert.ToHexString(code.Bytes));
    }
}

namespace MusicRnn.Training;

/// <summary>The registers of an x64 processor that hold integers and addresses, by their numbers; but for the stack's, and R12, which addresses nothing by itself.</summary>
internal enum Register
{
    Rax = 0,
    Rcx = 1,
    Rdx = 2,
    Rbx = 3,
    Rbp = 5,
    Rsi = 6,
    Rdi = 7,
    R8 = 8,
    R9 = 9,
    R10 = 10,
    R11 = 11,
    R13 = 13,
    R14 = 14,
    R15 = 15,
}

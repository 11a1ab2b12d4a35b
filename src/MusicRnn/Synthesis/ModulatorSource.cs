namespace MusicRnn.Synthesis;

/// <summary>Where a modulator reads its value and by what curve, as the file's 16 bits say it (SF2.04 section 8.2).</summary>
/// <param name="Bits">Bits 0-6 index, 7 MIDI controller, 8 direction, 9 polarity, 10-15 curve.</param>
internal readonly record struct ModulatorSource(ushort Bits)
{
    /// <summary>Index of the note's velocity, among the sources that are not MIDI controllers.</summary>
    public const int NoteVelocity = 2;

    /// <summary>Index of the note's key.</summary>
    public const int NoteKey = 3;

    /// <summary>Index of pressure on the note's key.</summary>
    public const int KeyPressure = 10;

    /// <summary>Index of pressure on the channel.</summary>
    public const int ChannelPressure = 13;

    /// <summary>Index of the pitch wheel.</summary>
    public const int PitchWheel = 14;

    /// <summary>Index of the pitch wheel's range.</summary>
    public const int PitchWheelRange = 16;

    private const int ControllerBit = 0x80;
    private const int FallingBit = 0x100;
    private const int BipolarBit = 0x200;

    /// <summary>The controller's number, or which of the other sources.</summary>
    public int Index => Bits & 0x7F;

    /// <summary>Index and kind together, 0-255: two sources with one identity move at once.</summary>
    public int Identity => Bits & 0xFF;

    /// <summary>Whether it is a MIDI controller.</summary>
    public bool IsController => (Bits & ControllerBit) != 0;

    /// <summary>The identity of a MIDI controller as a source.</summary>
    public static int IdentityOf(int controller) => ControllerBit | controller;

    /// <summary>Whether the file may name this source: bank select, data entry, parameter numbers and channel modes may not be (SF2.04 section 8.2.1), nor may unknown curves.</summary>
    public bool IsValid
    {
        get
        {
            if (Bits >> 10 > 3)
            {
                return false;
            }

            return IsController
                ? Index is not (0 or 6 or 32 or 38 or (>= 98 and <= 101) or >= 120)
                : Index is 0 or NoteVelocity or NoteKey or KeyPressure or ChannelPressure or PitchWheel or PitchWheelRange;
        }
    }

    /// <summary>A MIDI value through the curve: as 0-127/128 (SF2.04 section 9.5.3), or -1 to 1 around 64, so that hard right is as far as hard left.</summary>
    public double Map(int value) => Curve(value / 128.0, value >= 64 ? (value - 64) / 63.0 : (value - 64) / 64.0);

    /// <summary>The pitch wheel's 14 bits as 0-1, or -1 to 1 around 8192, through the curve.</summary>
    public double MapWheel(int value) => Curve(value / 16384.0, (value - 8192) / 8192.0);

    private double Curve(double unipolar, double bipolar)
    {
        bool falls = (Bits & FallingBit) != 0;
        if ((Bits & BipolarBit) == 0)
        {
            return Shape(falls ? 1 - unipolar : unipolar);
        }

        double x = falls ? -bipolar : bipolar;
        return Bits >> 10 == 3 ? (x >= 0 ? 1 : -1) : Math.CopySign(Shape(Math.Abs(x)), x);
    }

    private double Shape(double x) => (Bits >> 10) switch
    {
        1 => Concave(x),
        2 => Convex(x),
        3 => x >= 0.5 ? 1 : 0,
        _ => x,
    };

    /// <summary>Slow at first: what makes velocity a power law (SF2.04 section 9.5.3; the formula's 20 log10(v^2/127^2) over 96 dB). 0-1 to 0-1.</summary>
    public static double Concave(double x) => x >= 1 ? 1 : Math.Min(1, -400 / Units.EnvelopeRange * Math.Log10(1 - x));

    /// <summary>Fast at first: the mirror of <see cref="Concave"/>. 0-1 to 0-1.</summary>
    public static double Convex(double x) => x <= 0 ? 0 : Math.Max(0, 1 + (400 / Units.EnvelopeRange * Math.Log10(x)));
}

namespace MusicRnn.Performance;

/// <summary>
/// The value of everything that a player can turn, each in one place. The improviser's thread writes, on reading an
/// <see cref="InputKind.Parameter"/> event; any thread reads.
/// </summary>
public sealed class ParameterTable
{
    /// <summary>Divides the logits of every head.</summary>
    public const int Temperature = 0;

    /// <summary>Notes of an answer: 0 as many as were played, 127 without end.</summary>
    public const int Length = 1;

    /// <summary>How long a rest must be before it ends the phrase: a probability under rule <c>Model</c>, seconds under rule <c>Silence</c>.</summary>
    public const int Patience = 2;

    /// <summary>Stretches the machine's time.</summary>
    public const int TimeScale = 3;

    /// <summary>Scales the machine's velocities.</summary>
    public const int VelocityScale = 4;

    /// <summary>The share of probability that may be drawn from.</summary>
    public const int TopP = 5;

    /// <summary>Button: the machine answers now.</summary>
    public const int TakeOver = 6;

    /// <summary>Button: the last answer is played again and again; pressed once more it ends.</summary>
    public const int Loop = 7;

    /// <summary>Button: the machine forgets what was played.</summary>
    public const int Reset = 8;

    /// <summary>Button: silence.</summary>
    public const int Panic = 9;

    /// <summary>A <see cref="PerformanceMode"/>.</summary>
    public const int Mode = 10;

    /// <summary>A <see cref="TurnRule"/>.</summary>
    public const int Rule = 11;

    /// <summary>The controller whose gesture hands over under rule <c>Pedal</c>.</summary>
    public const int TurnController = 12;

    /// <summary>Notes that a phrase must have before it is answered.</summary>
    public const int MinimumNotes = 13;

    /// <summary>How long after the turn an answer begins at the latest.</summary>
    public const int MaxEntrySeconds = 14;

    /// <summary>How long the machine holds a key at most.</summary>
    public const int MaxNoteSeconds = 15;

    /// <summary>Whether the machine plays on while the player plays.</summary>
    public const int PlayOn = 16;

    /// <summary>The machine's instrument: a General MIDI program, 0-127.</summary>
    public const int Program = 17;

    /// <summary>Whether a program change of the player's keyboard picks the machine's instrument.</summary>
    public const int FollowProgram = 18;

    /// <summary>The length that has no end.</summary>
    public const int EndlessLength = 127;

    private static readonly string[] Switch = ["Off", "On"];

    private static readonly Parameter PatienceAsSilence = new("patience", "Patience", "s", 0.1, 3, ParameterCurve.Logarithmic, 1.24);

    private readonly double[] _values = new double[Rows.Count];

    /// <summary>Makes a table with every parameter at its default.</summary>
    public ParameterTable()
    {
        for (int index = 0; index < _values.Length; index++)
        {
            _values[index] = Rows[index].ToNormalised(Rows[index].Default);
        }
    }

    /// <summary>Every parameter, by its index.</summary>
    public static IReadOnlyList<Parameter> Rows { get; } =
    [
        new("temperature", "Temperature", "", 0.1, 2, ParameterCurve.Linear, 1),
        new("length", "Length", "notes", 0, EndlessLength, ParameterCurve.Stepped, 0),
        new("patience", "Patience", "probability", 0.5, 0.001, ParameterCurve.Logarithmic, 0.005),
        new("timeScale", "Time scale", "x", 0.25, 4, ParameterCurve.Centred, 1),
        new("velocityScale", "Velocity scale", "x", 0.25, 2, ParameterCurve.Centred, 1),
        new("topP", "Top-p", "", 0.5, 1, ParameterCurve.Linear, 0.97),
        new("takeOver", "Take over now", "", 0, 1, ParameterCurve.Button, 0),
        new("loop", "Loop the last answer", "", 0, 1, ParameterCurve.Button, 0),
        new("reset", "Reset memory", "", 0, 1, ParameterCurve.Button, 0),
        new("panic", "Panic", "", 0, 1, ParameterCurve.Button, 0),
        new("mode", "Mode", "", 0, 2, ParameterCurve.Stepped, 0) { Labels = Enum.GetNames<PerformanceMode>() },
        new("rule", "Turn rule", "", 0, 2, ParameterCurve.Stepped, 0) { Labels = Enum.GetNames<TurnRule>() },
        new("turnController", "Turn controller", "CC", 0, 127, ParameterCurve.Stepped, Midi.Controller.Soft),
        new("minimumNotes", "Notes before an answer", "notes", 1, 64, ParameterCurve.Stepped, 4),
        new("maxEntrySeconds", "Latest entry", "s", 0.05, 5, ParameterCurve.Logarithmic, 1),
        new("maxNoteSeconds", "Longest note", "s", 0.1, 30, ParameterCurve.Logarithmic, 8),
        new("playOn", "Both play on", "", 0, 1, ParameterCurve.Stepped, 0) { Labels = Switch },
        new("program", "Instrument", "program", 0, 127, ParameterCurve.Stepped, 0),
        new("followProgram", "Program changes pick the instrument", "", 0, 1, ParameterCurve.Stepped, 1) { Labels = Switch },
    ];

    /// <summary>The normalised value of a parameter, 0-1. Any thread; allocates nothing, locks nothing.</summary>
    public double this[int index] => Volatile.Read(ref _values[index]);

    /// <summary>The index of a parameter by its id, or -1.</summary>
    public static int IndexOf(string id)
    {
        for (int index = 0; index < Rows.Count; index++)
        {
            if (Rows[index].Id.Equals(id, StringComparison.OrdinalIgnoreCase))
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>The row as it reads now: patience counts seconds under rule <c>Silence</c>. Any thread; allocates nothing, locks nothing.</summary>
    public Parameter Describe(int index) => index == Patience && (TurnRule)Step(Rule) == TurnRule.Silence ? PatienceAsSilence : Rows[index];

    /// <summary>The value of a parameter in its unit. Any thread; allocates nothing, locks nothing.</summary>
    public double Unit(int index) => Describe(index).ToUnit(this[index]);

    /// <summary>The value of a stepped parameter. Any thread; allocates nothing, locks nothing.</summary>
    public int Step(int index) => (int)Rows[index].ToUnit(this[index]);

    /// <summary>Whether a switch is on. Any thread; allocates nothing, locks nothing.</summary>
    public bool IsOn(int index) => this[index] >= 0.5;

    /// <summary>Sets a normalised value; what lies outside 0-1 is taken as the nearer end. [improviser-thread] allocates nothing, locks nothing.</summary>
    /// <returns>False where there is no such parameter or the value is no number; nothing is changed then.</returns>
    public bool Set(int index, double normalised)
    {
        if ((uint)index >= (uint)_values.Length || double.IsNaN(normalised))
        {
            return false;
        }

        Volatile.Write(ref _values[index], Math.Clamp(normalised, 0, 1));
        return true;
    }

    /// <summary>Lets go of every button, before another improviser starts with the table: what is held down cannot be pressed.</summary>
    public void ReleaseButtons()
    {
        for (int index = 0; index < _values.Length; index++)
        {
            if (Rows[index].Curve == ParameterCurve.Button)
            {
                Set(index, 0);
            }
        }
    }

    /// <summary>Sets a value in the parameter's unit, before the improviser starts; afterwards it goes by <see cref="InputEvent.Set"/>.</summary>
    public void SetUnit(int index, double value) => Set(index, Describe(index).ToNormalised(value));
}

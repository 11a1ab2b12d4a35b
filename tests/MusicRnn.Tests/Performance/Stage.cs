using MusicRnn.Midi;
using MusicRnn.Model;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

/// <summary>A performance in milliseconds: someone plays, and everything that the machine says is kept.</summary>
internal sealed class Stage : IOutputSink, IDisposable
{
    public const long Ms = 1_000_000;
    private readonly Audience _audience;
    private long _now;

    public Stage(Network? network = null, ImproviserSettings? settings = null, params (int Parameter, double Value)[] parameters)
    {
        Settings = settings ?? new ImproviserSettings { Seed = 5 };
        _audience = new Audience(Settings);
        Table.SetUnit(ParameterTable.Patience, 0.05); // a network that has learned nothing is never sure of an end
        foreach ((int parameter, double value) in parameters)
        {
            Table.SetUnit(parameter, value);
        }

        Improviser = new Improviser(network ?? TestNetworks.Lively, Table, Settings, this);
        Improviser.Start(0);
    }

    public ParameterTable Table { get; } = new();

    public ImproviserSettings Settings { get; }

    public Improviser Improviser { get; }

    /// <summary>Everything emitted, as it was emitted, and the stamp that the improviser was advanced to then.</summary>
    public List<(long Now, OutputEvent Event)> Emitted { get; } = [];

    public IReadOnlyList<TimedMessage> Heard
    {
        get
        {
            _audience.Hear(_now);
            return _audience.Messages;
        }
    }

    public IEnumerable<TimedMessage> NoteOns => Heard.Where(message => message.Message.IsNoteOn);

    public double FirstOnset => NoteOns.First().Stamp / (double)Ms;

    public long Turn => Improviser.Turn / Ms;

    public void Emit(in OutputEvent output)
    {
        Emitted.Add((_now, output));
        _audience.Emit(output);
    }

    public void Send(double at, MidiMessage message) => Take(KnobMap.Default.Translate(InputEvent.Midi(Stamp(at), message)));

    public void Set(double at, int parameter, double value) => Take(InputEvent.Set(Stamp(at), parameter, Table.Describe(parameter).ToNormalised(value)));

    public void Push(double at, int button)
    {
        Take(InputEvent.Set(Stamp(at), button, 1));
        Take(InputEvent.Set(Stamp(at), button, 0));
    }

    public void Press(double at, int pitch, int velocity = 70) => Send(at, MidiMessage.NoteOn(0, pitch, velocity));

    public void Release(double at, int pitch) => Send(at, MidiMessage.NoteOff(0, pitch));

    public void Pedal(double at, bool down) => Send(at, MidiMessage.Control(0, Controller.Sustain, down ? 127 : 0));

    public void Take(InputEvent input)
    {
        AdvanceNanoseconds(input.Stamp);
        Improviser.Receive(input);
    }

    /// <summary>Plays so many notes, one each 200 ms, each held for 150 ms.</summary>
    /// <returns>When the last was released.</returns>
    public double PlayPhrase(int notes = 5, double from = 1000)
    {
        for (int note = 0; note < notes; note++)
        {
            Press(from + (note * 200), 60 + (note * 5 % 12), 60 + note);
            Release(from + (note * 200) + 150, 60 + (note * 5 % 12));
        }

        return from + ((notes - 1) * 200) + 150;
    }

    /// <summary>Goes on to a time, a millisecond at a step.</summary>
    public void Advance(double to) => AdvanceNanoseconds(Stamp(to));

    /// <summary>Goes on until the machine has begun to answer.</summary>
    public void AdvanceToAnswer()
    {
        for (int i = 0; Improviser.State != ImproviserState.Answering; i++)
        {
            Assert.True(i < 20_000, "no answer began within 20 s");
            AdvanceNanoseconds(_now + Ms);
        }
    }

    /// <summary>Goes on until nobody plays.</summary>
    public void AdvanceToIdle(double limit = 600_000)
    {
        while (Improviser.State != ImproviserState.Idle)
        {
            Assert.True(_now < Stamp(limit), "the answer did not end");
            AdvanceNanoseconds(_now + Ms);
        }
    }

    public double Now => _now / (double)Ms;

    public void Dispose()
    {
        Improviser.Dispose();
        _audience.Dispose();
    }

    private static long Stamp(double at) => (long)(at * Ms);

    private void AdvanceNanoseconds(long to)
    {
        while (_now < to)
        {
            _now = Math.Min(to, _now + Ms);
            Improviser.Advance(_now);
        }
    }
}

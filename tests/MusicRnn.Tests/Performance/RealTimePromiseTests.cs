using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

/// <summary>What real-time threads do seldom - releasing, overflowing, muting, changing instruments, turning knobs - allocates as little as what they do always.</summary>
public sealed class RealTimePromiseTests : IDisposable
{
    private const long Millisecond = 1_000_000;
    private readonly NoteLedger _ledger = new();
    private readonly OutputLane _lane;
    private readonly TimedMessage[] _due = new TimedMessage[64];

    public RealTimePromiseTests() => _lane = new OutputLane(_ledger, returns: true);

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public void ReleasingEverythingDoesNotAllocate()
    {
        PlayerInput input = new("keys", new() { EchoWindow = 0 }, [_lane]);
        AllocatesNothing(round =>
        {
            long stamp = round * 100 * Millisecond;
            for (int key = 40; key < 60; key++)
            {
                _lane.Emit(new(stamp, OutputKind.Midi, MidiMessage.NoteOn(1, key, 70)));
                input.Receive(stamp, MidiMessage.NoteOn(0, key, 70));
            }

            _lane.Emit(new(stamp, OutputKind.Midi, MidiMessage.Control(1, Controller.Sustain, 127)));
            _lane.Emit(new(stamp + (50 * Millisecond), OutputKind.Midi, MidiMessage.NoteOn(1, 90, 70)));
            Collect(stamp + Millisecond);
            _lane.Emit(new(stamp + Millisecond, OutputKind.Withdraw, default));
            _lane.Emit(new(stamp + Millisecond, OutputKind.Release, default));
            Collect(stamp + (2 * Millisecond));
            input.Lost(stamp + (2 * Millisecond));
            Collect(stamp + (3 * Millisecond));
            _lane.Silence();
            Collect(stamp + (4 * Millisecond));
            _ = _lane.NextDue;
            while (input.Events.TryRead(out _))
            {
            }
        });
        Collect(long.MaxValue / 2);
        Assert.True(_lane.IsSilent);
    }

    [Fact]
    public void ThruThatIsTakenAtOnceDoesNotAllocate()
    {
        PlayerInput input = new("keys", new(), [_lane]);
        AllocatesNothing(round =>
        {
            for (int i = 0; i < 40; i++)
            {
                input.Receive((round * 100 * Millisecond) + i, MidiMessage.NoteOn(0, 60 + i, 70));
                input.Receive((round * 100 * Millisecond) + i, MidiMessage.NoteOff(0, 60 + i));
            }

            while (_lane.CollectThru(_due) == _due.Length)
            {
            }

            while (input.Events.TryRead(out _))
            {
            }
        });
    }

    [Fact]
    public void AnOutputThatIsFullDoesNotAllocate()
    {
        PlayerInput input = new("keys", new() { EchoWindow = 0 }, [_lane]);
        AllocatesNothing(round =>
        {
            for (int i = 0; i < 6000; i++)
            {
                long stamp = (round * 100_000L * Millisecond) + i;
                _lane.Emit(new(stamp, OutputKind.Midi, MidiMessage.NoteOn(1, i % 128, 70)));
                input.Receive(stamp, MidiMessage.NoteOn(0, i % 128, 70));
            }

            Collect((round + 1) * 100_000L * Millisecond);
            while (input.Events.TryRead(out _))
            {
            }
        });
        Assert.True(_lane.Overflows > 0);
    }

    [Fact]
    public void ALoopThatIsMutedDoesNotAllocate()
    {
        PlayerInput input = new("keys", new(), [_lane]);
        AllocatesNothing(round =>
        {
            for (int i = 0; i < 200; i++)
            {
                long stamp = ((round * 1000L) + i) * Millisecond;
                _lane.Emit(new(stamp, OutputKind.Midi, MidiMessage.NoteOn(1, 60, 70)));
                _lane.Emit(new(stamp, OutputKind.Midi, MidiMessage.NoteOff(1, 60)));
                Collect(stamp + 1);
                input.Receive(stamp + 2, MidiMessage.NoteOn(1, 60, 70));
                input.Receive(stamp + 2, MidiMessage.NoteOff(1, 60));
            }
        });
        Assert.True(input.Echo.IsMuted);
    }

    [Fact]
    public void TurningAKnobDoesNotAllocate()
    {
        ParameterTable table = new();
        AllocatesNothing(round =>
        {
            for (int controller = 0; controller < 120; controller++)
            {
                InputEvent input = KnobMap.Default.Translate(InputEvent.Midi(0, MidiMessage.Control(round % 16, controller, 99)));
                if (input.Kind == InputKind.Parameter)
                {
                    table.Set(input.Parameter, input.Value);
                    _ = table.Unit(input.Parameter);
                }
            }
        });
    }

    [Fact]
    public void ChangingOverToAnotherInstrumentDoesNotAllocate()
    {
        ClickInstrument[] instruments = [new() { Keeps = false }, new() { Keeps = false }];
        LaneRenderer renderer = new(_lane, instruments[0]);
        FrameTime time = new(0, 48_000);
        float[] left = new float[128], right = new float[128];
        AllocatesNothing(round =>
        {
            long stamp = time.StampOf(round * 128);
            _lane.Emit(new(stamp, OutputKind.Midi, MidiMessage.Program(1, round % 128)));
            _lane.Emit(new(stamp, OutputKind.Midi, MidiMessage.Control(1, Controller.Volume, 100)));
            renderer.Render(time, round * 128, left, right);
            renderer.Exchange(instruments[(round + 1) % 2]);
        });
    }

    /// <summary>Runs something until all of it is compiled, and then holds it to its promise.</summary>
    private static void AllocatesNothing(Action<int> act)
    {
        const int Rounds = 8;
        for (int round = 0; round < Rounds; round++)
        {
            act(round);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = Rounds; round < 2 * Rounds; round++)
        {
            act(round);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void Collect(long until)
    {
        while (_lane.Collect(until, _due) == _due.Length)
        {
        }
    }
}

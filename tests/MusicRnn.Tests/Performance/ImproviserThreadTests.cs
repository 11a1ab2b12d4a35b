using System.Diagnostics;
using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

public sealed class ImproviserThreadTests : IDisposable
{
    private const long Ms = 1_000_000;
    private readonly string _folder = Directory.CreateTempSubdirectory("musicrnn-thread-").FullName;
    private readonly NoteLedger _ledger = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    public void Dispose()
    {
        _ledger.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void WhatIsPlayedLiveIsWhatIsPlayedOffline()
    {
        var clock = new WatchClock(_watch);
        var table = new ParameterTable();
        table.SetUnit(ParameterTable.Patience, 0.5);
        table.SetUnit(ParameterTable.Length, 10);
        table.SetUnit(ParameterTable.MaxEntrySeconds, 0.1);
        ImproviserSettings settings = new() { Seed = 11 };
        long start = clock.Now;
        TakeHeader header = TakeHeader.Of(TestNetworks.Lively, table, settings, start);
        var lane = new OutputLane(_ledger, returns: false);
        Journal journal = Journal.Create(Path.Combine(_folder, "live.journal"), header);
        var fan = new OutputFan([journal, lane]);
        using var improviser = new Improviser(TestNetworks.Lively, table, settings, fan);
        improviser.Start(start);
        PlayerInput[] inputs = [new("left", new() { EchoWindow = 0 }, []), new("right", new() { EchoWindow = 0 }, [])];
        inputs[0].CompleteWithin(3 * Ms);
        inputs[1].CompleteWithin(5 * Ms);
        var driver = new ImproviserDriver(improviser, inputs, KnobMap.Default, journal);
        using var thread = new ImproviserThread(improviser, driver, clock, fan, exception => Assert.Fail(exception.ToString()));
        thread.Start();
        List<TimedMessage> collected = [];
        TimedMessage[] due = new TimedMessage[64];
        for (int note = 0; note < 6; note++)
        {
            Wait(60);
            inputs[note % 2].Receive(clock.Now, MidiMessage.NoteOn(0, 60 + note, 70));
            Wait(40);
            inputs[note % 2].Receive(clock.Now, MidiMessage.NoteOff(0, 60 + note));
        }

        Wait(100);
        inputs[0].Receive(clock.Now, MidiMessage.Control(0, 112, 127));
        Wait(600);
        Assert.True(driver.Set(ParameterTable.Temperature, 0.7));
        inputs[1].Receive(clock.Now, MidiMessage.Control(0, 26, 60));
        Wait(1200);
        Assert.Equal(0.7, table[ParameterTable.Temperature]);
        inputs[0].Receive(clock.Now, MidiMessage.NoteOn(0, 64, 70));
        Wait(50);
        thread.Stop();
        Collect(long.MaxValue / 2);
        Assert.Equal(0, driver.Late);
        journal.Dispose();

        Take take = JournalReader.Read(Path.Combine(_folder, "live.journal"));
        Assert.Equal(16, take.Inputs.Count);
        Assert.InRange(take.MachineNotes, 3, 12);
        Assert.True(TakeReplay.Run(take, TestNetworks.Lively).IsSame);
        TimedMessage[] music = [.. collected.Where(message => !message.Message.IsControl(119))];
        Assert.Equal(take.Machine, music);
        Assert.Equal(music.Count(message => message.Message.IsNoteOn), music.Count(message => message.Message.IsNoteOff));

        void Wait(int milliseconds)
        {
            for (long until = clock.Now + (milliseconds * Ms); clock.Now < until; Thread.Sleep(1))
            {
                Collect(clock.Now - (500 * Ms)); // far behind, as if nothing were ever late
            }
        }

        void Collect(long until)
        {
            int count = lane.Collect(until, due);
            for (; count > 0; count = lane.Collect(until, due))
            {
                collected.AddRange(due.AsSpan(0, count));
            }
        }
    }

    [Fact]
    public void TheImproviserGoesNoFurtherThanEveryInputIsComplete()
    {
        Stage stage = new();
        PlayerInput fast = new("fast", new(), []), slow = new("slow", new(), []);
        var driver = new ImproviserDriver(stage.Improviser, [fast, slow], KnobMap.Default, null);
        fast.CompleteBefore(500);
        slow.CompleteBefore(100);
        fast.Receive(200, MidiMessage.NoteOn(0, 60, 60));
        fast.Receive(99, MidiMessage.NoteOn(0, 61, 60));
        driver.Run(1000);
        Assert.Equal((100, 0), (driver.Reached, driver.Received));
        slow.Receive(150, MidiMessage.NoteOn(0, 62, 60));
        slow.CompleteBefore(400);
        driver.Run(1000);
        Assert.Equal((400, 3), (driver.Reached, driver.Received));
        Assert.Equal(1, driver.Late);
        driver.Inputs = [fast];
        driver.Run(1000);
        Assert.Equal(500, driver.Reached);
    }

    [Fact]
    public void AFailureReleasesWhatSoundsAndIsReported()
    {
        var clock = new WatchClock(_watch);
        var sink = new FailingSink();
        using var improviser = new Improviser(TestNetworks.Lively, new ParameterTable(), new(), sink);
        improviser.Start(clock.Now);
        PlayerInput input = new("keys", new(), []);
        var driver = new ImproviserDriver(improviser, [input], KnobMap.Default, null);
        using var failed = new ManualResetEventSlim();
        using var thread = new ImproviserThread(improviser, driver, clock, sink, _ => failed.Set());
        thread.Start();
        input.Receive(clock.Now, MidiMessage.NoteOn(0, 60, 60)); // the state that is said then fails
        Assert.True(failed.Wait(10_000, TestContext.Current.CancellationToken));
        Assert.Equal(OutputKind.Release, sink.Last);
    }

    [Fact]
    public void RunningDoesNotAllocate()
    {
        using Stage stage = new();
        stage.PlayPhrase();
        stage.AdvanceToAnswer();
        using Journal journal = Journal.Create(Path.Combine(_folder, "x.journal"), TakeHeader.Of(TestNetworks.Lively, stage.Table, stage.Settings, 0));
        var improviser = new Improviser(TestNetworks.Lively, new ParameterTable(), new(), journal);
        improviser.Start(0);
        PlayerInput input = new("keys", new() { EchoWindow = 0 }, []);
        var driver = new ImproviserDriver(improviser, [input], KnobMap.Default, journal);
        Run(0, 1000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(1000, 3000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(driver.Received > 1000);

        void Run(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                input.Receive(i * 50 * Ms, i % 40 < 16 ? i % 2 == 0 ? MidiMessage.NoteOn(0, 60 + (i % 12), 60) : MidiMessage.NoteOff(0, 59 + (i % 12)) : MidiMessage.Control(0, 21, i % 128));
                input.CompleteBefore((i + 1) * 50 * Ms);
                driver.Run((i + 1) * 50 * Ms);
            }
        }
    }

    private sealed class WatchClock(Stopwatch watch) : IClock
    {
        public long Now => (long)(watch.Elapsed.TotalNanoseconds);

        public void SleepUntil(long stamp)
        {
            while (Now < stamp)
            {
                Thread.Sleep(1);
            }
        }
    }

    private sealed class FailingSink : IOutputSink
    {
        public OutputKind Last { get; private set; }

        public void Emit(in OutputEvent output)
        {
            Last = output.Kind;
            if (output.Message.IsControl(119) && output.Message.Data2 == 1)
            {
                throw new InvalidOperationException("as if it were broken");
            }
        }
    }
}

using MusicRnn.Devices;
using MusicRnn.Devices.Files;
using MusicRnn.Devices.Jack;
using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Benchmarks;

/// <summary>From the stamp at which a message is due to its arrival at a receiver, on each output, beside a plain C client in the same run.</summary>
internal static class ArrivalProbe
{
    private const int Messages = 600;
    private const long Gap = 7_000_000; // nanoseconds from one message to the next
    private const long Lead = 100_000_000; // how far ahead a message is handed over, as an answer's are

    public static void Run()
    {
        using var folder = new BenchmarkFolder();
        Attempt(() => Jack(folder));
        Attempt(() => MidiFiles(folder));
        Attempt(AlsaArrival.Run);
    }

    /// <summary>Hands messages over, each a while before it is due.</summary>
    /// <returns>When each is due.</returns>
    public static long[] Emit(IClock clock, OutputLane lane, int count)
    {
        long start = clock.Now + (2 * Lead);
        long[] due = [.. Enumerable.Range(0, count).Select(i => start + (i * Gap))];
        for (int i = 0; i < count; i++)
        {
            clock.SleepUntil(due[i] - Lead);
            lane.Emit(new OutputEvent(due[i], OutputKind.Midi, Message(i)));
        }

        clock.SleepUntil(due[^1] + (2 * Lead));
        return due;
    }

    /// <summary>The message of a number; no other is like it.</summary>
    private static MidiMessage Message(int number) => MidiMessage.NoteOn(1, number % 128, 1 + (number / 128));

    private static int NumberOf(MidiMessage message) => message.Data1 + (128 * (message.Data2 - 1));

    public static void Compare(string what, double[] ours, double[] theirs)
    {
        Durations here = new(ours), there = new(theirs);
        Console.WriteLine($"{what}: {here} late; the C client {there} late");
        Goal.AtMost(2 * there.At(0.99), here.At(0.99), "us", $"{what}, p99, at most twice the C client's");
    }

    private static void Jack(BenchmarkFolder folder)
    {
        const double FrameMicroseconds = 1e6 / JackServer.SampleRate;
        using var server = new JackServer("musicrnn-arrival", 256, folder.Path);
        using JackPeer hand = server.Join("hand"), ear = server.Join("ear");
        using var ledger = new NoteLedger();
        var lane = new OutputLane(ledger, returns: false);
        var player = new PlayerInput("midi_in", new PlayerInputOptions { EchoWindow = 0 }, []);
        using var client = new JackClient(new JackOptions { Server = server.Name, MidiFrom = ["hand:play"], MidiTo = ["ear:record"], AudioTo = [] });
        client.MidiInput.Start(player);
        client.MidiOutput.Start(lane);
        ear.ConnectWhenThere("MusicRnn:midi_out", "ear:record");
        hand.ConnectWhenThere("hand:play", "MusicRnn:midi_in");

        // A message that comes in tells which stamp belongs to which of the server's frames.
        uint frame = hand.Play([(0, MidiMessage.Control(0, 21, 1))]);
        InputEvent mark;
        while (!player.Events.TryRead(out mark))
        {
            Thread.Sleep(5);
        }

        ear.Dump();
        long[] due = Emit(client.Clock, lane, Messages);
        double[] ours = Late(number => frame + Math.Ceiling((due[number] - mark.Stamp) * (double)JackServer.SampleRate / 1e9));

        ear.ConnectWhenThere("hand:play", "ear:record");
        int[] frames = [.. Enumerable.Range(0, Messages).Select(i => (int)(i * Gap * JackServer.SampleRate / 1_000_000_000))];
        uint start = hand.Play(frames.Select((offset, i) => (offset, Message(i))));
        Thread.Sleep((int)((Messages * Gap / 1_000_000) + 1000));
        double[] theirs = Late(number => start + frames[number]);
        Console.WriteLine($"JACK, {Messages} messages, {ours.Length} heard: {new Durations(ours)} late; the C client, {theirs.Length} heard: {new Durations(theirs)} late (a message that falls into an xrun is lost or late for both; there were {ear.Xruns})");
        Goal.AtMost(0, new Durations([.. ours.Select(Math.Abs)]).At(0.99), "us", "JACK, exact to the sample, p99");

        double[] Late(Func<int, double> due) => [.. ear.Dump().Where(heard => heard.Message.IsNoteOn).Select(heard => (heard.Frame - due(NumberOf(heard.Message))) * FrameMicroseconds)];
    }

    private static void MidiFiles(BenchmarkFolder folder)
    {
        string path = folder.File("out.mid");
        MonotonicClock clock = MonotonicClock.Instance;
        using var ledger = new NoteLedger();
        var lane = new OutputLane(ledger, returns: false);
        long start = clock.Now;
        long[] due;
        List<double> onDisk = [];
        using (var output = new MidiFileOutput(path, start))
        {
            output.Start(lane);
            using var stepper = new DeviceStepper(clock, [output]);
            using var stop = new CancellationTokenSource();
            Task<List<long>> reader = Task.Run(() => Arrivals(path, clock, stop.Token));
            using var peer = new Peer(Peer.Compile("clock_peer", folder.Path), $"{Messages}", $"{Gap}");
            due = Emit(clock, lane, Messages);
            stop.Cancel();
            onDisk = [.. reader.GetAwaiter().GetResult().Take(Messages).Select((arrived, i) => (arrived - due[i]) / 1e3)];
            double[] theirs = [.. peer.Numbers().Select(late => late / 1e3)];
            double[] ours = [.. MidiFile.Read(path).Messages.Where(message => message.Message.IsNoteOn).Select((message, i) => (message.Time + start - due[i]) / 1e3)];
            Compare("MIDI file, where a message stands in it", ours, theirs);
        }

        Console.WriteLine($"  on the disk a message is {new Durations([.. onDisk])} after it is due: it is written 50 ms behind, when nothing can come before it any more");
    }

    /// <summary>When each message is first found in a file that is being written.</summary>
    private static List<long> Arrivals(string path, IClock clock, CancellationToken stop)
    {
        List<long> arrived = [];
        long length = 0;
        while (!stop.IsCancellationRequested)
        {
            long now = new FileInfo(path).Length;
            if (now != length)
            {
                length = now;
                int found = MidiFile.Read(path).Messages.Count(message => message.Message.IsNoteOn);
                while (arrived.Count < found)
                {
                    arrived.Add(clock.Now);
                }
            }

            clock.SleepUntil(clock.Now + 2_000_000);
        }

        return arrived;
    }

    private static void Attempt(Action measure)
    {
        try
        {
            measure();
        }
        catch (MissingPartException exception)
        {
            Console.WriteLine($"not measured: {exception.Message}");
        }
    }
}

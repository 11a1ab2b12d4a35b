using MusicRnn.Host.Options;
using MusicRnn.Host.Services;
using MusicRnn.Midi;
using MusicRnn.Model;
using MusicRnn.Performance;

namespace MusicRnn.Host.Tests.Services;

/// <summary>A session that carries on from an earlier take.</summary>
public sealed class PreludeTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void ASessionThatCarriesOnHasHeardTheTakeAndAnswersItAndCanBeReplayed()
    {
        using var home = new TemporaryFolder();
        var earlier = new MidiFileWriter();
        MidiTrackWriter player = earlier.AddTrack("Player"), machine = earlier.AddTrack("Machine");
        for (int i = 0; i < 24; i++)
        {
            MidiTrackWriter track = i < 12 ? player : machine;
            track.Add(i * Second / 4, MidiMessage.NoteOn(i < 12 ? 0 : 1, 60 + (i % 7), 80));
            track.Add((i * Second / 4) + (Second / 5), MidiMessage.NoteOff(i < 12 ? 0 : 1, 60 + (i % 7)));
        }

        earlier.Write(home.File("earlier.mid"));
        using Network network = Network.CreateRandom(new NetworkShape(1, 32, 32, 32), 1);
        var settings = new Settings();
        var takes = new TakeFolder(home.File("takes"));
        var clock = new VirtualClock();
        clock.SleepUntil(10 * Second);
        var choice = new RigChoice(new Source(SourceKind.None, ""), new Source(SourceKind.None, ""), new Source(SourceKind.None, ""), "");
        using Rig rig = Rig.Open(settings, choice, new LedgerFolder(home.File("runtime")), clock);
        rig.Begin(_ => throw new InvalidOperationException("Nothing is heard."));
        string take;
        using (var session = new Session(rig, network, settings, new ParameterTable(), new SessionBeginning(7, "", DateTimeOffset.UnixEpoch, clock.Now), takes, MidiFile.Read(home.File("earlier.mid"))))
        {
            for (int i = 0; i < 200; i++)
            {
                clock.SleepUntil(clock.Now + 10_000_000);
                rig.Step(clock.Now, before: true);
                session.Step(clock.Now);
                rig.Step(clock.Now, before: false);
            }

            Assert.True(session.NotesFed >= 24);
            Assert.Equal(ImproviserState.Answering, session.State);
            take = session.Finish()!;
        }

        ReplayReport replay = TakeReplay.Run(TakeFile.Read(take), network);
        Assert.True(replay.IsSame);
    }
}

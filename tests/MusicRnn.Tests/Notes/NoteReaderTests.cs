using FsCheck;
using FsCheck.Fluent;
using MusicRnn.Midi;
using MusicRnn.Notes;

namespace MusicRnn.Tests.Notes;

public class NoteReaderTests
{
    private readonly NoteReader _reader = new();

    [Fact]
    public void ANoteLastsUntilItsKeyIsReleasedNotUntilThePedalIs()
    {
        _reader.Receive(5, MidiMessage.Control(0, Controller.Sustain, 64));
        _reader.Receive(10, MidiMessage.NoteOn(0, 60, 80));
        _reader.Receive(30, MidiMessage.NoteOff(0, 60));
        _reader.Receive(50, MidiMessage.Control(0, Controller.Sustain, 63));

        AssertNotes(new Note(10, 20, 60, 80));
        Assert.Equal([new PedalChange(5, true), new PedalChange(50, false)], _reader.ToPiece().Pedal);
    }

    [Fact]
    public void ANoteOnOfVelocityZeroReleases()
    {
        _reader.Receive(10, MidiMessage.NoteOn(0, 60, 80));
        _reader.Receive(30, new MidiMessage(0x90, 60, 0));
        _reader.Receive(90, MidiMessage.NoteOff(0, 61));

        AssertNotes(new Note(10, 20, 60, 80));
    }

    [Fact]
    public void AKeyStruckAgainWhileItIsDownIsANewNote()
    {
        _reader.Receive(10, MidiMessage.NoteOn(0, 60, 80));
        _reader.Receive(30, MidiMessage.NoteOn(0, 60, 90));
        _reader.Receive(50, MidiMessage.NoteOff(0, 60));
        _reader.Receive(70, MidiMessage.NoteOff(0, 60));

        AssertNotes(new Note(10, 20, 60, 80), new Note(30, 20, 60, 90));
    }

    [Fact]
    public void AKeyThatTwoChannelsHoldIsDownUntilBothLetGo()
    {
        _reader.Receive(10, MidiMessage.NoteOn(0, 60, 80));
        _reader.Receive(10, MidiMessage.NoteOn(1, 60, 90));
        _reader.Receive(30, MidiMessage.NoteOff(0, 60));
        _reader.Receive(50, MidiMessage.NoteOff(1, 60));

        AssertNotes(new Note(10, 40, 60, 90));
    }

    [Fact]
    public void AKeyStruckTwiceAtOneTimeIsOneNote()
    {
        _reader.Receive(10, MidiMessage.NoteOn(0, 60, 80));
        _reader.Receive(10, MidiMessage.NoteOff(0, 60));
        _reader.Receive(10, MidiMessage.NoteOn(0, 60, 70));
        _reader.Receive(30, MidiMessage.NoteOff(0, 60));

        AssertNotes(new Note(10, 20, 60, 80));
    }

    [Fact]
    public void KeysThatAreNeverReleasedEndWithThePiece()
    {
        _reader.Receive(10, MidiMessage.NoteOn(0, 60, 80));
        _reader.Receive(30, MidiMessage.NoteOn(0, 62, 80));

        AssertNotes(new Note(10, 20, 60, 80), new Note(30, 1, 62, 80));
        Assert.Equal([new Note(10, 90, 60, 80), new Note(30, 70, 62, 80)], _reader.ToPiece(100).Notes);
    }

    [Theory]
    [InlineData(Controller.AllNotesOff)]
    [InlineData(Controller.AllSoundOff)]
    [InlineData(127)]
    public void AllNotesOffReleasesTheKeysOfItsChannel(int controller)
    {
        _reader.Receive(10, MidiMessage.NoteOn(0, 60, 80));
        _reader.Receive(10, MidiMessage.NoteOn(1, 62, 80));
        _reader.Receive(30, MidiMessage.Control(0, controller, 0));
        _reader.Receive(50, MidiMessage.NoteOff(1, 62));

        AssertNotes(new Note(10, 20, 60, 80), new Note(10, 40, 62, 80));
    }

    [Fact]
    public void ResettingTheControllersLiftsThePedal()
    {
        _reader.Receive(5, MidiMessage.Control(0, Controller.Sustain, 127));
        _reader.Receive(6, MidiMessage.Control(0, Controller.Sustain, 100));
        _reader.Receive(7, MidiMessage.Control(1, Controller.Sustain, 100));
        _reader.Receive(8, MidiMessage.Control(1, Controller.ResetAllControllers, 0));
        _reader.Receive(9, MidiMessage.Control(0, Controller.ResetAllControllers, 0));

        Assert.Equal([new PedalChange(5, true), new PedalChange(9, false)], _reader.ToPiece().Pedal);
    }

    [Fact]
    public void DrumsAreLeftOutUnlessAskedFor()
    {
        var all = new NoteReader(0xFFFF);
        foreach (NoteReader reader in new[] { _reader, all })
        {
            reader.Receive(10, MidiMessage.NoteOn(9, 36, 80));
            reader.Receive(30, MidiMessage.NoteOff(9, 36));
        }

        Assert.Empty(_reader.ToPiece().Notes);
        Assert.Single(all.ToPiece().Notes);
    }

    [Fact]
    public void AChordIsReadFromLowToHigh()
    {
        foreach (int pitch in new[] { 67, 60, 64 })
        {
            _reader.Receive(10, MidiMessage.NoteOn(0, pitch, 80));
        }

        Assert.Equal([60, 64, 67], _reader.ToPiece(20).Notes.Select(note => (int)note.Pitch));
    }

    [Fact]
    public void OneTrackOfAFileCanBeRead()
    {
        var writer = new MidiFileWriter();
        var one = new Piece([new Note(20_000, 40_000, 60, 80)], []);
        var two = new Piece([new Note(0, 100_000, 62, 80)], [new PedalChange(20_000, true)]);
        NoteWriter.Write(writer.AddTrack("one"), one);
        NoteWriter.Write(writer.AddTrack("two"), two, 1);
        MidiFile file = MidiFile.Read(writer.ToArray(), "written");

        AssertSame(one, NoteReader.Read(file, track: 0));
        AssertSame(two, NoteReader.Read(file, track: 1));
        AssertSame(two, NoteReader.Read(file, channels: 1 << 1));
        AssertSame(new Piece([.. two.Notes, .. one.Notes], two.Pedal), NoteReader.Read(file));
    }

    [Fact]
    public void APieceIsReadBackFromItsMessages() =>
        Prop.ForAll(Moves.ToArbitrary(), moves =>
        {
            var first = new NoteReader();
            long time = 0;
            foreach ((int step, MidiMessage message) in moves)
            {
                first.Receive(time += step, message);
            }

            Piece piece = first.ToPiece(time);
            AssertSound(piece);
            var second = new NoteReader();
            foreach ((long at, MidiMessage message) in NoteWriter.ToMessages(piece, 3))
            {
                second.Receive(at, message);
            }

            AssertSame(piece, second.ToPiece());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    /// <summary>Messages on few channels and keys, so that they get in each other's way.</summary>
    private static Gen<(int Step, MidiMessage Message)[]> Moves =>
        (from step in Gen.Frequency((1, Gen.Constant(0)), (3, Gen.Choose(2, 1000)))
         from channel in Gen.Elements(0, 1, 9)
         from pitch in Gen.Choose(60, 63)
         from velocity in Gen.Choose(0, 127)
         from controller in Gen.Elements(Controller.Sustain, Controller.Sustain, Controller.AllNotesOff, Controller.ResetAllControllers, Controller.Volume)
         from kind in Gen.Elements(MidiKind.NoteOn, MidiKind.NoteOn, MidiKind.NoteOff, MidiKind.ControlChange, MidiKind.PitchBend)
         select (step, MidiMessage.Of(kind, channel, kind == MidiKind.ControlChange ? controller : pitch, velocity))).ArrayOf();

    private static void AssertSound(Piece piece)
    {
        Assert.Equal(piece.Notes.OrderBy(note => (note.Onset, note.Pitch)), piece.Notes);
        foreach (IGrouping<byte, Note> key in piece.Notes.GroupBy(note => note.Pitch))
        {
            Assert.All(key.Zip(key.Skip(1)), pair => Assert.True(pair.First.Release <= pair.Second.Onset));
        }

        Assert.All(piece.Notes, note => Assert.True(note.Duration > 0 && note.Velocity is > 0 and < 128));
        Assert.All(piece.Pedal.Index(), item => Assert.Equal(item.Index % 2 == 0, item.Item.Down));
    }

    private static void AssertSame(Piece expected, Piece actual)
    {
        Assert.Equal(expected.Notes, actual.Notes);
        Assert.Equal(expected.Pedal, actual.Pedal);
    }

    private void AssertNotes(params Note[] notes) => Assert.Equal(notes, _reader.ToPiece().Notes);
}

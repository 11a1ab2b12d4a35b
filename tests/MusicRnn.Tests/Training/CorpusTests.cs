using MusicRnn.Midi;
using MusicRnn.Notes;
using MusicRnn.Training;

namespace MusicRnn.Tests.Training;

public sealed class CorpusTests : IDisposable
{
    private const long Millisecond = 1_000_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("corpus").FullName;

    private string Output => Path.Combine(_folder, "made.corpus");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WhatIsWrittenIsReadBack()
    {
        var writer = new CorpusWriter();
        writer.Add("b.mid", "", Split.Test, new Piece([new Note(0, 5 * Millisecond, 10, 1)], []));
        writer.Add("a/é.mid", "Ligeti", Split.Train, new Piece(
            [new Note(1_400_000, 2_200_000, 60, 100), new Note(7 * Millisecond, Millisecond, 62, 127), new Note(7_100_000, 1, 50, 3)],
            [new PedalChange(Millisecond, true), new PedalChange(9 * Millisecond, false)]));
        writer.Write(Output);
        using var corpus = Corpus.Open(Output);

        Assert.Equal(["a/é.mid", "b.mid"], corpus.Pieces.Select(piece => piece.Name));
        Assert.Equal(["Ligeti", ""], corpus.Pieces.Select(piece => piece.Composer));
        Assert.Equal([Split.Train, Split.Test], corpus.Pieces.Select(piece => piece.Split));
        Assert.Equal([new CorpusNote(1, 3, 60, 100), new CorpusNote(7, 1, 50, 3), new CorpusNote(7, 1, 62, 127)], corpus.Pieces[0].Notes.ToArray());
        Assert.Equal([new CorpusPedal(1, true), new CorpusPedal(9, false)], corpus.Pieces[0].Pedal.ToArray());
        Assert.Equal([new CorpusNote(0, 5, 10, 1)], corpus.Pieces[1].Notes.ToArray());
        Assert.Empty(corpus.Pieces[1].Pedal.ToArray());
    }

    [Fact]
    public void ALinkToACorpusIsOne()
    {
        var writer = new CorpusWriter();
        writer.Add("a", "", Split.Train, new Piece([new Note(0, Millisecond, 60, 90)], []));
        writer.Write(Output);
        using var corpus = Corpus.Open(File.CreateSymbolicLink(Path.Combine(_folder, "link.corpus"), Output).FullName);

        Assert.Equal(["a"], corpus.Pieces.Select(piece => piece.Name));
    }

    [Fact]
    public void NotesThatRoundingPutsTogetherBecomeOne()
    {
        var writer = new CorpusWriter();
        writer.Add("a", "", Split.Train, new Piece(
            [new Note(900_000, 100_000, 60, 90), new Note(1_100_000, 4 * Millisecond, 60, 20), new Note(3 * Millisecond, Millisecond, 60, 30)], []));
        writer.Write(Output);
        using var corpus = Corpus.Open(Output);

        Assert.Equal([new CorpusNote(1, 2, 60, 90), new CorpusNote(3, 1, 60, 30)], corpus.Pieces[0].Notes.ToArray());
    }

    [Fact]
    public void ClosingTheCorpusClosesItsPieces()
    {
        var writer = new CorpusWriter();
        writer.Add("a", "", Split.Train, new Piece([new Note(0, Millisecond, 60, 90)], []));
        writer.Write(Output);
        var corpus = Corpus.Open(Output);
        corpus.Dispose();
        corpus.Dispose();

        Assert.Throws<ObjectDisposedException>(() => corpus.Pieces[0].Notes.Length);
    }

    [Fact]
    public void AnyByteOfTheFileChangedIsReadOrRefused()
    {
        var writer = new CorpusWriter();
        writer.Add("name", "composer", Split.Train, new Piece([new Note(0, Millisecond, 60, 90), new Note(Millisecond, Millisecond, 61, 90)], [new PedalChange(0, true)]));
        writer.Write(Output);
        byte[] sound = File.ReadAllBytes(Output);
        string changed = Path.Combine(_folder, "changed.corpus");
        int refused = 0;
        for (int i = 0; i < sound.Length; i++)
        {
            foreach (byte value in new byte[] { 0, 1, 0x7F, 0x80, 0xFF })
            {
                byte[] bytes = [.. sound];
                bytes[i] = value;
                File.WriteAllBytes(changed, bytes);
                refused += OpensOrRefuses(changed) ? 0 : 1;
            }
        }

        for (int length = 0; length < sound.Length; length++)
        {
            File.WriteAllBytes(changed, sound[..length]);
            Assert.False(OpensOrRefuses(changed));
        }

        Assert.True(refused > 2 * sound.Length);
    }

    [Fact]
    public void BuildsFromAFolderAndReportsWhatItSkips()
    {
        WriteMidi("one.mid", 3);
        WriteMidi("below/two.MIDI", 4);
        WriteMidi("empty.mid", 0);
        WriteMidi("drums.mid", 2, channel: 9);
        File.WriteAllText(Path.Combine(_folder, "broken.mid"), "no music");
        File.WriteAllText(Path.Combine(_folder, "readme.txt"), "no music");
        int last = 0;
        CorpusReport report = Build(progress => last = Math.Max(last, progress.Done));
        using var corpus = Corpus.Open(Output);

        Assert.Equal(5, last);
        Assert.Equal(["below/two.MIDI", "one.mid"], corpus.Pieces.Select(piece => piece.Name));
        Assert.Equal([4, 3], corpus.Pieces.Select(piece => piece.Notes.Length));
        Assert.Equal(["broken.mid", "drums.mid", "empty.mid"], report.Skipped.Select(item => item.Name));
        Assert.Contains("at byte 0", report.Skipped[0].Reason, StringComparison.Ordinal);
        Assert.StartsWith("it has drums only", report.Skipped[1].Reason, StringComparison.Ordinal);
        Assert.Equal("it has no notes.", report.Skipped[2].Reason);
        Assert.Equal((2, 7L), (report.Pieces.Values.Sum(split => split.Pieces), report.Pieces.Values.Sum(split => split.Notes)));
    }

    [Fact]
    public void MaestrosTableSaysTheSplitAndTheTriosAreLeftOut()
    {
        const string trio = "MIDI-Unprocessed_Chamber3_MID--AUDIO_10_R3_2018_wav--3.midi";
        const string solo = "MIDI-Unprocessed_Chamber3_MID--AUDIO_10_R3_2018_wav--2.midi";
        WriteMidi("maestro/2018/a.midi", 1);
        WriteMidi("maestro/2018/" + trio, 1);
        WriteMidi("maestro/2018/" + solo, 1);
        WriteMidi("mine.mid", 1);
        File.WriteAllText(
            Path.Combine(_folder, "maestro", "maestro-v2.0.0.csv"),
            "canonical_composer,canonical_title,split,year,midi_filename,audio_filename,duration\n" +
            "\"Bach, J. S.\",\"The \"\"Aria\"\", BWV 988\",test,2018,2018/a.midi,2018/a.wav,1.0\n" +
            $"Brahms,Op. 119,validation,2018,2018/{solo},x.wav,1.0\r\n" +
            $"Arensky,Trio,train,2018,2018/{trio},x.wav,1.0\n" +
            "Chopin,Absent,train,2018,2018/absent.midi,x.wav,1.0\n");
        Build();
        using var corpus = Corpus.Open(Output);

        Assert.Equal(
            [("maestro/2018/" + solo, "Brahms", Split.Validation), ("maestro/2018/a.midi", "Bach, J. S.", Split.Test), ("mine.mid", "", CorpusBuilder.SplitOf("mine.mid"))],
            corpus.Pieces.Select(piece => (piece.Name, piece.Composer, piece.Split)));
    }

    [Theory]
    [InlineData("canonical_composer,split\nBach,train\n", "has no column \"midi_filename\"")]
    [InlineData("canonical_composer,split,midi_filename\nBach,train\n", "line 2: 2 fields, where 3 are due")]
    [InlineData("canonical_composer,split,midi_filename\nBach,dev,a.midi\n", "line 2: the split is \"dev\"")]
    public void ABrokenTableIsNamed(string table, string message)
    {
        WriteMidi("a.midi", 1);
        File.WriteAllText(Path.Combine(_folder, "maestro-v9.csv"), table);

        string refusal = Assert.Throws<InvalidDataException>(() => Build()).Message;
        Assert.StartsWith($"{Path.Combine(_folder, "maestro-v9.csv")} is not a sound table of MAESTRO: ", refusal, StringComparison.Ordinal);
        Assert.Contains(message, refusal, StringComparison.Ordinal);
        Assert.EndsWith("call it something else.", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void ATableOfAnotherNameIsNotMaestros()
    {
        WriteMidi("a.mid", 1);
        File.WriteAllText(Path.Combine(_folder, "maestro-favourites.csv"), "my,own\n");
        Build();

        using var corpus = Corpus.Open(Output);
        Assert.Equal(["a.mid"], corpus.Pieces.Select(piece => piece.Name));
    }

    [Fact]
    public void AFolderWithoutMusicIsNamed()
    {
        string refusal = Assert.Throws<InvalidDataException>(() => Build()).Message;
        Assert.StartsWith($"{_folder} holds no .mid", refusal, StringComparison.Ordinal);
        Assert.Contains("musicrnn dataset fetch", refusal, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder, "broken.mid"), "no music");
        Assert.Contains("broken.mid", Assert.Throws<InvalidDataException>(() => Build()).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Output));
    }

    [Fact]
    public void SplitsByPathAreEightInTenOneAndOneAndNeverChange()
    {
        Split[] splits = [.. Enumerable.Range(0, 10_000).Select(i => CorpusBuilder.SplitOf($"folder/{i}.mid"))];

        Assert.InRange(splits.Count(split => split == Split.Train), 7800, 8200);
        Assert.InRange(splits.Count(split => split == Split.Validation), 850, 1150);
        Assert.Equal((Split.Train, Split.Validation, Split.Test), (CorpusBuilder.SplitOf("a"), CorpusBuilder.SplitOf("foobar"), CorpusBuilder.SplitOf("4.mid")));
    }

    private static bool OpensOrRefuses(string path)
    {
        try
        {
            using var corpus = Corpus.Open(path);
            return corpus.Pieces.Count >= 0;
        }
        catch (InvalidDataException exception)
        {
            Assert.StartsWith($"{path} is not a sound corpus: ", exception.Message, StringComparison.Ordinal);
            Assert.Contains("musicrnn dataset prepare", exception.Message, StringComparison.Ordinal);
            return false;
        }
    }

    private CorpusReport Build(Action<CorpusProgress>? progress = null) =>
        CorpusBuilder.Build(_folder, Output, progress, TestContext.Current.CancellationToken);

    private void WriteMidi(string name, int notes, int channel = 0)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var writer = new MidiFileWriter();
        NoteWriter.Write(writer.AddTrack(), new Piece([.. Enumerable.Range(0, notes).Select(i => new Note(i * Millisecond, Millisecond, 60, 80))], []), channel);
        writer.Write(path);
    }
}

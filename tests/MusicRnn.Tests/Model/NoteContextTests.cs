using MusicRnn.Model;

namespace MusicRnn.Tests.Model;

public sealed class NoteContextTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void WhatTheNetworkIsToldIsWhatTheNotesBeforeSay(int seed)
    {
        List<StruckNote> notes = NaiveContext.Tune(250, seed);
        var naive = new NaiveContext(notes);
        NoteContext context = new(), fork = new();
        Span<ushort> rows = stackalloc ushort[NoteContext.MostRows];
        int repeats = 0, moved = 0;
        for (int i = 0; i < notes.Count; i++)
        {
            StruckNote note = notes[i];
            int pitch = NoteEncoding.PitchIndex(note.Pitch);
            if (i > 0)
            {
                Assert.Equal(naive.NeighboursOf(i), context.NeighboursOf(pitch));
                Assert.Equal(naive.RepeatBefore(i), context.Repeat);
                Assert.Equal(naive.VotesBefore(i), context.Votes);
                Assert.Equal(naive.StepLevelsBefore(i), context.StepLevels);
                Assert.Equal(naive.DurationLevelsBefore(i), context.DurationLevels);
                repeats += context.Repeat.Length > 8 ? 1 : 0;
                moved += context.Repeat.MovedLength > context.Repeat.Length + 4 ? 1 : 0;
            }

            foreach (StruckNote other in notes.Take(i).Where(other => other.Frame + other.Duration <= note.Frame && other.Frame == context.Onset(NoteEncoding.PitchIndex(other.Pitch))))
            {
                context.Release(NoteEncoding.PitchIndex(other.Pitch), other.Frame + other.Duration);
            }

            fork.CopyFrom(context); // every other note goes to the fork, which must know as much
            (context, fork) = (fork, context);
            int count = context.Hear(naive.StepOf(i), pitch, NoteEncoding.VelocityIndex(note.Velocity), note.PedalDown, note.Frame, rows);
            Assert.Equal(naive.RowsOf(i).Order(), rows[..count].ToArray().Select(row => (int)row).Order());
        }

        Assert.True(repeats > 8 && moved > 8, $"{repeats} repeats, {moved} moved: the tune does not try them");
    }

    [Fact]
    public void APassageIsFoundAgainAfterMoreNotesThanAreKept()
    {
        var finder = new RepeatFinder();
        var random = new Random(3);
        byte[] passage = [.. Enumerable.Range(0, 20).Select(_ => (byte)random.Next(88))];
        for (int i = 0; i < 2500; i++)
        {
            finder.Add((byte)random.Next(88));
        }

        Array.ForEach(passage, finder.Add);
        for (int i = 0; i < 900; i++)
        {
            finder.Add((byte)(100 + random.Next(88)));
        }

        for (int i = 0; i < 19; i++)
        {
            finder.Add(passage[i]);
        }

        finder.Vote(0, stackalloc byte[200], stackalloc ushort[200]);
        Assert.Equal(passage.Length + 900, finder.Lag);
        Assert.Equal(RepeatFinder.Longest, finder.Agreement);
        Assert.Equal(passage[19], finder[finder.Lag - 1]);
    }
}

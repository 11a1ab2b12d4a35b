using MusicRnn.Model;
using MusicRnn.Tests.Performance;
using MusicRnn.Training;

namespace MusicRnn.Tests.Training;

public sealed class PredictionStudyTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly Corpus _corpus;

    public PredictionStudyTests() => _corpus = ScaleCorpus.Write(_path);

    public void Dispose()
    {
        _corpus.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public void WhatItExpectsIsWhatTheTrainingNetworkLosesBy_Evaluation()
    {
        CorpusPiece piece = _corpus.Pieces[0];
        using var study = new PredictionStudy(TestNetworks.Lively);
        var passage = new List<(int Came, double[] Expected)>();
        study.Hear(piece, int.MaxValue, passage);
        using var team = new ThreadTeam(1);
        Losses losses = Evaluation.Run(TestNetworks.Lively, [piece], team, marginalEvery: 0);

        Assert.Equal(piece.Notes.Length - 1, study.Notes);
        Assert.Equal(losses.Notes, study.Notes);
        double nats = passage.Average(note => -Math.Log(note.Expected[note.Came]));
        Assert.Equal(losses.Pitch / losses.Notes, nats, 2); // eight-bit weights
    }

    [Fact]
    public void ConfusionIsTheMeanExpectationOfEveryClassThatCameOftenEnough()
    {
        using var study = new PredictionStudy(TestNetworks.Slow);
        foreach (CorpusPiece piece in _corpus.Pieces.Take(3))
        {
            study.Hear(piece, 100);
        }

        Assert.Equal(3 * 99, study.Notes);
        double[,] pitches = study.Pitches.Means;
        int came = 0;
        for (int column = 0; column < NoteEncoding.Pitches; column++)
        {
            double sum = Enumerable.Range(0, NoteEncoding.Pitches).Sum(row => pitches[row, column]);
            Assert.True(double.IsNaN(sum) || Math.Abs(sum - 1) < 1e-6);
            came += double.IsNaN(sum) ? 0 : 1;
        }

        Assert.Equal(15, came); // two octaves of a scale
        double[,] steps = study.Steps.Means;
        Assert.False(double.IsNaN(steps[0, Grid.BinOf(25)]));
        Assert.True(double.IsNaN(steps[0, Grid.BinOf(24)]));
    }

    [Fact]
    public void ThatWhichIsAsSureAsRightIsCalibrated()
    {
        var honest = new Calibration();
        var boaster = new Calibration();
        for (int i = 0; i < 1000; i++)
        {
            honest.Add([0.7, 0.2, 0.1], i % 10 < 7 ? 0 : 1);
            boaster.Add([0.02, 0.98], i % 2);
        }

        Assert.Equal(0, honest.Error, 9);
        Assert.Equal(0.48, boaster.Error, 9);
        (double sure, double right, long count) = Assert.Single(boaster.Points);
        Assert.Equal((0.98, 0.5, 1000), (Math.Round(sure, 9), right, count));
    }
}

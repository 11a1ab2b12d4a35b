using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

public class ParameterTableTests
{
    private readonly ParameterTable _table = new();

    [Fact]
    public void EveryRowStartsAtItsDefaultAndComesBackFromItsNormalisedValue()
    {
        for (int index = 0; index < ParameterTable.Rows.Count; index++)
        {
            Parameter row = ParameterTable.Rows[index];
            Assert.Equal(row.Default, _table.Unit(index), 9);
            Assert.Equal(index, ParameterTable.IndexOf(row.Id));
            Assert.Equal(row.From, row.ToUnit(0), 9);
            Assert.Equal(row.To, row.ToUnit(1), 9);
            for (int value = 0; value <= 127; value++)
            {
                double unit = row.ToUnit(value / 127.0);
                Assert.Equal(unit, row.ToUnit(row.ToNormalised(unit)), 9);
            }
        }
    }

    [Fact]
    public void ButtonsAreReleasedAndNothingElseMoves()
    {
        _table.Set(ParameterTable.TakeOver, 1);
        _table.Set(ParameterTable.TopP, 1);
        _table.ReleaseButtons();
        Assert.Equal((0, 1), (_table[ParameterTable.TakeOver], _table[ParameterTable.TopP]));
    }

    [Theory]
    [InlineData(21, ParameterTable.Temperature, 0, 0.1)]
    [InlineData(21, ParameterTable.Temperature, 127, 2.0)]
    [InlineData(22, ParameterTable.Length, 0, 0)]
    [InlineData(22, ParameterTable.Length, 1, 1)]
    [InlineData(22, ParameterTable.Length, 77, 77)]
    [InlineData(22, ParameterTable.Length, 126, 126)]
    [InlineData(22, ParameterTable.Length, 127, ParameterTable.EndlessLength)]
    [InlineData(23, ParameterTable.Patience, 0, 0.5)]
    [InlineData(24, ParameterTable.TimeScale, 0, 0.25)]
    [InlineData(24, ParameterTable.TimeScale, 64, 1)]
    [InlineData(24, ParameterTable.TimeScale, 127, 4)]
    [InlineData(25, ParameterTable.VelocityScale, 64, 1)]
    [InlineData(26, ParameterTable.TopP, 0, 0.5)]
    [InlineData(26, ParameterTable.TopP, 127, 1)]
    public void AControllerTurnsItsParameterOnAnyChannel(int controller, int parameter, int value, double expected)
    {
        foreach (int channel in (int[])[0, 9, 15])
        {
            InputEvent change = KnobMap.Default.Translate(InputEvent.Midi(5, MidiMessage.Control(channel, controller, value)));
            Assert.Equal((5, InputKind.Parameter, parameter), (change.Stamp, change.Kind, change.Parameter));
            _table.Set(change.Parameter, change.Value);
            Assert.Equal(expected, _table.Unit(parameter), 12);
        }
    }

    [Fact]
    public void TheMiddleOfTheScalesIsOneExactly()
    {
        _table.Set(ParameterTable.TimeScale, 64 / 127.0);
        _table.Set(ParameterTable.VelocityScale, 64 / 127.0);
        Assert.True(_table.Unit(ParameterTable.TimeScale) == 1);
        Assert.True(_table.Unit(ParameterTable.VelocityScale) == 1);
    }

    [Fact]
    public void PatienceCountsSecondsUnderRuleSilence()
    {
        _table.SetUnit(ParameterTable.Rule, (int)TurnRule.Silence);
        _table.Set(ParameterTable.Patience, 0);
        Assert.Equal(0.1, _table.Unit(ParameterTable.Patience), 12);
        _table.Set(ParameterTable.Patience, 1);
        Assert.Equal(3, _table.Unit(ParameterTable.Patience), 12);
        _table.SetUnit(ParameterTable.Patience, Math.Sqrt(0.3));
        Assert.Equal(0.5, _table[ParameterTable.Patience], 12);
        Assert.Equal("s", _table.Describe(ParameterTable.Patience).Unit);
    }

    [Fact]
    public void AKnobCanBeMappedAnewAndToOneChannel()
    {
        KnobMap map = new([new Knob(74, 3, ParameterTable.Temperature)]);
        Assert.Equal(InputKind.Parameter, map.Translate(InputEvent.Midi(0, MidiMessage.Control(3, 74, 1))).Kind);
        Assert.Equal(InputKind.Midi, map.Translate(InputEvent.Midi(0, MidiMessage.Control(4, 74, 1))).Kind);
        Assert.Equal(InputKind.Midi, map.Translate(InputEvent.Midi(0, MidiMessage.Control(3, 21, 1))).Kind);
        Assert.Throws<ArgumentOutOfRangeException>(() => new KnobMap([new Knob(128, null, 0)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KnobMap([new Knob(1, 16, 0)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KnobMap([new Knob(1, null, 1000)]));
    }

    [Fact]
    public void WhatIsNoNumberOrNoParameterChangesNothing()
    {
        Assert.False(_table.Set(ParameterTable.Temperature, double.NaN));
        Assert.False(_table.Set(-1, 0.5));
        Assert.False(_table.Set(ParameterTable.Rows.Count, 0.5));
        Assert.True(_table.Set(ParameterTable.Temperature, 7));
        Assert.Equal(2, _table.Unit(ParameterTable.Temperature));
    }
}

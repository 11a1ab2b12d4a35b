using MusicRnn.Midi;
using MusicRnn.Model;
using MusicRnn.Notes;
using MusicRnn.Performance;

namespace MusicRnn.Training;

/// <summary>
/// How well each turn rule knows the end of a phrase, on pieces whose end is known: every turn that passes inside a piece is false, and
/// at its end the shorter the wait the better. The pieces are heard by the very listener that hears the player.
/// </summary>
public sealed class TurnEvaluation : IDisposable
{
    private const int MinimumNotes = 4;
    private static readonly double[] Thresholds = [0.3, 0.2, 0.1, 0.05, 0.03, 0.02, 0.01, 0.005, 0.002, 0.001];
    private static readonly double[] Silences = [0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3];

    private readonly Predictor _predictor;
    private readonly Contender[] _contenders;
    private double _seconds;

    /// <summary>Makes an evaluation of a network's turns.</summary>
    public TurnEvaluation(Network network)
    {
        _predictor = new Predictor(network);
        _contenders =
        [
            .. Thresholds.Select(threshold => new Contender(TurnRule.Model, threshold)),
            .. Silences.Select(seconds => new Contender(TurnRule.Silence, seconds)),
            new Contender(TurnRule.Pedal, 0),
        ];
    }

    /// <summary>What came of the pieces heard so far, for every rule and setting.</summary>
    public IReadOnlyList<TurnFigures> Figures => [.. _contenders.Select(contender => new TurnFigures(
        contender.Rule, contender.Setting, _seconds > 0 ? contender.False * 60 / _seconds : 0, contender.MedianWait))];

    /// <summary>Hears a piece.</summary>
    public void Hear(Piece piece)
    {
        if (piece.Notes.Count < MinimumNotes)
        {
            return;
        }

        var timeline = new Timeline();
        using var listener = new Listener(_predictor, timeline);
        var gesture = new TurnGesture();
        long lastKey = 0;
        foreach (Contender contender in _contenders)
        {
            contender.Begin();
        }

        foreach ((long time, MidiMessage message) in NoteWriter.ToMessages(piece))
        {
            if (listener.FrameEnd <= time)
            {
                listener.CloseFrame();
                FindTurns(listener, timeline);
            }

            Pass(time);
            if (message.IsNoteOn)
            {
                listener.Press(time, 0, message.Data1, message.Data2);
                foreach (Contender contender in _contenders)
                {
                    contender.Hear();
                }
            }
            else if (message.IsNoteOff)
            {
                listener.Release(time, 0, message.Data1);
                lastKey = time;
            }
            else
            {
                listener.MovePedal(time, 0, message.Data2 >= 64);
                if (gesture.Sees(time, message, Controller.Sustain))
                {
                    foreach (Contender contender in _contenders.Where(contender => contender.Rule == TurnRule.Pedal))
                    {
                        contender.Gesture(time);
                    }
                }
            }

            if (!listener.IsFrameOpen)
            {
                FindTurns(listener, timeline);
            }
        }

        if (listener.IsFrameOpen)
        {
            listener.CloseFrame();
            FindTurns(listener, timeline);
        }

        foreach (Contender contender in _contenders)
        {
            contender.End(lastKey);
        }

        _seconds += (lastKey - piece.Notes[0].Onset) / 1e9;
    }

    /// <inheritdoc/>
    public void Dispose() => _predictor.Dispose();

    private void Pass(long time)
    {
        foreach (Contender contender in _contenders)
        {
            contender.Pass(time);
        }
    }

    private void FindTurns(Listener listener, Timeline timeline)
    {
        if (listener.Memory.IsEmpty)
        {
            return; // a piece may begin with its pedal
        }

        foreach (Contender contender in _contenders)
        {
            contender.Turn = listener.IsKeyDown ? long.MaxValue : contender.Rule switch
            {
                TurnRule.Model => TurnTiming.ByModel(
                    timeline.ToStamp(listener.Memory.Time), _predictor.TimeUntilSurvival(listener.Memory.State, contender.Setting), listener.LastRelease),
                TurnRule.Silence => TurnTiming.BySilence(listener.LastRelease, contender.Setting),
                _ => long.MaxValue,
            };
        }
    }

    /// <summary>One rule with one setting.</summary>
    private sealed class Contender(TurnRule rule, double setting)
    {
        private readonly List<double> _waits = [];
        private int _notes;
        private long _last; // a turn that has passed

        public TurnRule Rule => rule;

        public double Setting => setting;

        public int False { get; private set; }

        /// <summary>When the turn passes, unless something comes before.</summary>
        public long Turn { get; set; }

        public double? MedianWait => _waits.Count == 0 ? null : _waits.Order().ElementAt(_waits.Count / 2);

        public void Begin()
        {
            _notes = 0;
            _last = -1;
            Turn = long.MaxValue;
        }

        public void Hear()
        {
            if (_last >= 0)
            {
                False++; // the piece went on after it
                _last = -1;
            }

            _notes++;
        }

        public void Pass(long time)
        {
            if (Turn < time && _notes >= MinimumNotes && _last < 0)
            {
                _last = Turn;
                _notes = 0;
            }
        }

        public void Gesture(long time)
        {
            Turn = time;
            Pass(time + 1);
            Turn = long.MaxValue;
        }

        public void End(long lastKey)
        {
            Pass(long.MaxValue);
            if (_last >= 0)
            {
                _waits.Add(Math.Max(0, _last - lastKey) / 1e9);
            }
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>Trains a network on a corpus, reports, keeps checkpoints, and writes the best weights.</summary>
public sealed unsafe class Trainer : IDisposable
{
    // Validation costs time that training could use: so many of the pieces tell enough while it runs, twice an epoch, and no more often than after so many times their notes.
    private const int ValidationPieces = 18;
    private const int ValidationsInEpoch = 2;
    private const int LeastNotesForEachValidated = 16;
    private const int HeldBack = 10; // without validation pieces, one in so many training pieces serves as one
    private const int MarginalEvery = 32;

    private readonly TrainingOptions _options;
    private readonly ThreadTeam _team;
    private readonly CorpusPiece[] _training;
    private readonly CorpusPiece[] _validation;
    private readonly int _validationStride;
    private readonly string _corpus;
    private readonly long _notesInEpoch;
    private readonly long _notesUntilValidation;
    private readonly Network _network;
    private readonly Network _averaged;
    private readonly NativeFloats _gradients;
    private readonly Adam _adam;
    private readonly NativeFloats _memory;
    private readonly PieceDeck _deck;
    private readonly string _path;
    private bool _hasBasis; // weights were given that nothing was compared with yet
    private TrainingNetwork? _runner;
    private NoteWindow? _window;
    private WindowFeeder? _feeder;
    private TrainingPosition _position = new(0, [], double.PositiveInfinity, 0);

    /// <summary>Prepares a training run.</summary>
    /// <param name="corpus">The pieces; it must stay open.</param>
    /// <param name="options">How to train.</param>
    /// <param name="team">The threads to work with.</param>
    /// <param name="path">Where the best weights go; the checkpoint stands beside them, ending in <c>.checkpoint</c>.</param>
    /// <param name="from">Weights to go on from, instead of random ones. They are the first to be beaten: what is written is never worse on validation.</param>
    /// <param name="resume">Whether to go on from the checkpoint, if there is one.</param>
    /// <exception cref="InvalidDataException">The corpus has no training piece, the checkpoint is not usable or of another run, or training takes more memory than there is.</exception>
    public Trainer(Corpus corpus, TrainingOptions options, ThreadTeam team, string path, Network? from, bool resume)
    {
        _team = team;
        _path = path;
        _training = [.. corpus.Pieces.Where(piece => piece.Split == Split.Train && piece.Notes.Length > 1)];
        _validation = [.. corpus.Pieces.Where(piece => piece.Split == Split.Validation && piece.Notes.Length > 1)];
        if (_validation.Length == 0 && _training.Length > 1)
        {
            int held = Math.Max(1, _training.Length / HeldBack);
            _validation = _training[^held..];
            _training = _training[..^held];
        }

        if (_training.Length == 0)
        {
            throw new InvalidDataException("The corpus has no training piece of two notes or more: prepare it from a folder with more music.");
        }

        _notesInEpoch = _training.Sum(piece => (long)piece.Notes.Length);
        _validationStride = Math.Max(1, (_validation.Length + ValidationPieces - 1) / ValidationPieces);
        _notesUntilValidation = Math.Max(_notesInEpoch / ValidationsInEpoch, LeastNotesForEachValidated * Validated.Sum(piece => (long)piece.Notes.Length));
        _deck = new PieceDeck(_training, options);
        _corpus = corpus.Hash;
        bool goesOn = resume && File.Exists(CheckpointPath);
        NetworkShape shape = from is null || goesOn ? options.Shape : from.Shape;
        _options = options with { Shape = shape };
        RefuseTooLarge();
        if (goesOn)
        {
            RefuseAnotherRun(corpus);
        }

        _network = from is null || goesOn ? Network.CreateRandom(shape, options.Seed) : Copy(from);
        _averaged = new Network(shape);
        _gradients = new NativeFloats(_network.Weights.Length);
        _adam = new Adam(_network.Weights.Length, team);
        _memory = new NativeFloats(TrainingNetwork.MemoryLength(shape, options.Streams));
        if (goesOn)
        {
            _position = Checkpoint.Load(CheckpointPath, _network, _adam, _memory, options.Streams);
        }
        else if (from is not null)
        {
            _network.Weights.Span.CopyTo(_adam.Average.Span);
            _hasBasis = true;
        }

        Curves = new LossCurves(path, _position.Notes);
    }

    /// <summary>Where the checkpoint stands.</summary>
    public string CheckpointPath => _path + ".checkpoint";

    private IEnumerable<CorpusPiece> Validated => _validation.Where((_, index) => index % _validationStride == 0);

    /// <summary>The losses so far.</summary>
    public LossCurves Curves { get; }

    /// <summary>Whether the run ended because validation got no better any more.</summary>
    public bool HasSettled { get; private set; }

    /// <summary>The options of the run that left a checkpoint.</summary>
    /// <exception cref="InvalidDataException">It is no sound checkpoint.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static TrainingOptions OptionsOf(string checkpoint) => Checkpoint.Begun(checkpoint).Options;

    /// <summary>Trains until the notes are through, validation gets no better any more, or asked to stop; in each case a checkpoint is left.</summary>
    /// <remarks>Validation comes after numbers of notes that depend on the corpus alone, so that the weights that are kept do not depend on how fast the machine is, or on who stopped it when.</remarks>
    /// <param name="every">Between two reports with a checkpoint; after each validation there is one too.</param>
    /// <param name="report">Gets each report; the first of 0 notes where weights were given to go on from.</param>
    /// <param name="glance">Gets the losses since the last report, after every update.</param>
    /// <param name="stop">Asks to stop.</param>
    public void Run(TimeSpan every, Action<TrainingProgress> report, Action<TrainingProgress>? glance, CancellationToken stop)
    {
        if (_hasBasis)
        {
            _hasBasis = false;
            var basis = new TrainingProgress(0, 0, 0, RateNow(), 0, 0, new Losses(), Validate());
            Curves.Add(basis);
            report(basis);
        }

        var dropout = new DropoutRates((float)_options.Dropout, (float)_options.RecurrentDropout);
        long started = Stopwatch.GetTimestamp(), notesThen = _position.Notes;
        var losses = new Losses();
        double norms = 0;
        int updates = 0;
        while (_position.Notes < _options.Notes)
        {
            Prepare();
            _feeder!.Next();
            uint key = (uint)_adam.Updates * 64u;
            float* weights = _network.Weights.Pointer;
            losses.Add(_runner!.Forward(weights, _window!, dropout, key));
            _runner.Backward(weights, _gradients.Pointer, _window!, dropout, key);
            norms += _adam.Update(weights, _gradients.Pointer, (float)RateNow(), (float)_options.Clip, (float)_options.Averaging);
            updates++;
            long before = _position.Notes;
            _position = _position with { Notes = before + (_window!.Steps * _window.Streams) };
            bool stopping = stop.IsCancellationRequested;
            bool validates = _position.Notes >= _options.Notes || _position.Notes / _notesUntilValidation > before / _notesUntilValidation;
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            glance?.Invoke(Describe(null));
            if (seconds < every.TotalSeconds && !validates && !stopping)
            {
                continue;
            }

            TrainingProgress progress = Describe(validates ? Validate() : null);
            Curves.Add(progress);
            report(progress);
            SaveCheckpoint();
            HasSettled = validates && double.IsFinite(_position.Best) && _position.Notes - _position.BestNotes >= _options.StopAfter * _notesInEpoch;
            if (stopping || HasSettled)
            {
                return;
            }

            TrainingProgress Describe(Losses? validation) => new(
                _position.Notes, _adam.Updates, (double)_position.Notes / _notesInEpoch, RateNow(), norms / updates,
                (_position.Notes - notesThen) / seconds, losses, validation);

            losses = new Losses();
            norms = updates = 0;
            notesThen = _position.Notes;
            started = Stopwatch.GetTimestamp();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runner?.Dispose();
        _network.Dispose();
        _averaged.Dispose();
        _gradients.Dispose();
        _adam.Dispose();
        _memory.Dispose();
    }

    private void RefuseTooLarge()
    {
        const double Gigabyte = 1e9;
        (NetworkShape shape, int streams, int steps) = (_options.Shape, _options.Streams, Math.Max(_options.FirstSteps, _options.LaterSteps));
        long least = TrainingNetwork.LeastBytes(shape, steps, streams), available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (least > available || TrainingNetwork.MemoryLength(shape, streams) > Array.MaxLength)
        {
            throw new InvalidDataException(FormattableString.Invariant(
                $"Training {shape.Layers}x{shape.Hidden} with {streams} streams and windows of {steps} steps takes more than {least / Gigabyte:0.0} GB of memory, ")
                + FormattableString.Invariant($"of which there are {available / Gigabyte:0.0} here: choose fewer streams, fewer steps (firstSteps and laterSteps) or a smaller network (shape)."));
        }
    }

    private void RefuseAnotherRun(Corpus corpus)
    {
        (TrainingOptions begun, string music) = Checkpoint.Begun(CheckpointPath);
        if (_options.DifferenceFrom(begun) is { } difference)
        {
            throw new InvalidDataException($"The run of {CheckpointPath} was begun with {difference}. Leave that out, or begin another run with these weights by --from.");
        }

        if (music != _corpus)
        {
            throw new InvalidDataException($"The run of {CheckpointPath} was begun with another corpus than {corpus.Path}. Name that one by --data, or begin another run with these weights by --from.");
        }
    }

    private static Network Copy(Network network)
    {
        var copy = new Network(network.Shape);
        network.Weights.Span.CopyTo(copy.Weights.Span);
        return copy;
    }

    private double RateNow()
    {
        double left = 1 - ((double)_position.Notes / _options.Notes);
        double decay = Math.Clamp(left / _options.Decay, 0.02, 1);
        return _options.Rate * Math.Min(1, (_adam.Updates + 1.0) / _options.WarmUp) * decay;
    }

    /// <summary>Makes the window that this point of the run asks for, and takes over what the streams remember.</summary>
    private void Prepare()
    {
        int steps = _position.Notes < _options.LaterFrom * _options.Notes ? _options.FirstSteps : _options.LaterSteps;
        if (_window?.Steps == steps)
        {
            return;
        }

        if (_runner is not null)
        {
            Remember();
            _runner.Dispose();
        }

        _window = new NoteWindow(steps, _options.Streams);
        _runner = new TrainingNetwork(_network.Layout, steps, _options.Streams, _team, training: true, _options.Precision);
        _runner.RestoreMemory(_memory);
        _feeder = new WindowFeeder(_window, (_, draw) => _deck.Draw(draw));
        if (_position.Streams.Length > 0)
        {
            _feeder.Restore(_position.Streams);
        }
    }

    private void Remember()
    {
        _runner!.SaveMemory(_memory);
        _position = _position with { Streams = _feeder!.Position };
    }

    private void SaveCheckpoint()
    {
        Remember();
        Checkpoint.Save(CheckpointPath, _options, _corpus, _network, _adam, _memory, _position);
    }

    private Losses? Validate()
    {
        if (_validation.Length == 0)
        {
            Save(null);
            return null;
        }

        _adam.Average.Span.CopyTo(_averaged.Weights.Span);
        Losses losses = Evaluation.Run(_averaged, [.. Validated], _team, MarginalEvery);
        double loss = losses.Total / losses.Notes;
        if (loss < _position.Best)
        {
            _position = _position with { Best = loss, BestNotes = _position.Notes };
            Save(losses);
        }

        return losses;
    }

    private void Save(Losses? validation)
    {
        _adam.Average.Span.CopyTo(_averaged.Weights.Span);
        var metadata = new Dictionary<string, string>
        {
            ["trained.notes"] = _position.Notes.ToString(CultureInfo.InvariantCulture),
            ["trained.updates"] = _adam.Updates.ToString(CultureInfo.InvariantCulture),
            ["trained.options"] = _options.ToString(),
        };
        if (validation is not null)
        {
            metadata["validation"] = string.Create(CultureInfo.InvariantCulture, $"{validation} over {Validated.Count()} of {_validation.Length} pieces");
        }

        _averaged.Save(_path, metadata);
    }
}

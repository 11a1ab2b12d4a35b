using MusicRnn.Midi;

namespace MusicRnn.Performance;

/// <summary>
/// The door that one MIDI input comes in by. Each message is checked here once (channel, echo, velocity), goes to the
/// improviser through a ring, and straight on to the outputs on the player's channel, so that the player never waits.
/// </summary>
/// <remarks>One thread at a time gives messages: the device's. The improviser's thread reads <see cref="Events"/>.</remarks>
public sealed class PlayerInput
{
    private const byte Unheld = 0xFF;
    private readonly OutputLane[] _outputs;
    private readonly Ring<TimedMessage>[] _thru;
    private readonly byte[] _held = new byte[16 * 128]; // the channel that the held key sounds on, or Unheld
    private readonly byte[] _levers = new byte[16 * Lever.Count]; // [channel, lever] the channel that a lever off its rest acts on, or Unheld
    private readonly byte[] _velocities = new byte[128];
    private PlayerInputOptions _options;
    private PlayerInputOptions? _applied;
    private long _completeBefore;
    private long _completeWithin; // while there is no device nothing is waited for
    private bool _dropped;
    private long _unread;
    private long _overruns;
    private int _lastControl; // how many came, 16 bits, the controller, 8, and its value, 8

    /// <summary>Makes a door.</summary>
    /// <param name="name">The input's name, for the user.</param>
    /// <param name="options">How it treats what comes in.</param>
    /// <param name="outputs">Where the player is heard.</param>
    public PlayerInput(string name, PlayerInputOptions options, IReadOnlyList<OutputLane> outputs)
    {
        Name = name;
        _options = options;
        _outputs = [.. outputs];
        _thru = [.. outputs.Select(output => output.AddThru())];
        Echo = new EchoGuard([.. outputs.Select(output => output.Trail).OfType<SentTrail>()]);
        _held.AsSpan().Fill(Unheld);
        _levers.AsSpan().Fill(Unheld);
    }

    /// <summary>The input's name, for the user.</summary>
    public string Name { get; }

    /// <summary>What the improviser reads; its thread is the only reader.</summary>
    public Ring<InputEvent> Events { get; } = new(4096);

    /// <summary>The guard against loops: polled for <see cref="EchoGuard.IsMuted"/>, which is to be named to the user.</summary>
    public EchoGuard Echo { get; }

    /// <summary>The last controller that came in, and how many came in so far, modulo 65536: for whoever learns which one a hand turns. Any thread may ask.</summary>
    public (int Count, int Controller, int Value) LastControl
    {
        get
        {
            int last = Volatile.Read(ref _lastControl);
            return ((last >> 16) & 0xFFFF, (last >> 8) & 0xFF, last & 0xFF);
        }
    }

    /// <summary>How it treats what comes in; may be exchanged while playing, from any thread.</summary>
    public PlayerInputOptions Options
    {
        get => Volatile.Read(ref _options);
        set => Volatile.Write(ref _options, value);
    }

    /// <summary>Every message stamped before the returned stamp has been received. The improviser goes no further than that. Any thread.</summary>
    /// <param name="now">The clock's reading.</param>
    public long CompleteUntil(long now)
    {
        long within = Volatile.Read(ref _completeWithin);
        return within >= 0 ? now - within : Volatile.Read(ref _completeBefore);
    }

    /// <summary>Says that every message stamped before a stamp has been received; <see cref="long.MaxValue"/> at the end of a file. [input-thread] allocates nothing, locks nothing, logs nothing.</summary>
    public void CompleteBefore(long stamp)
    {
        Volatile.Write(ref _completeBefore, stamp);
        Volatile.Write(ref _completeWithin, -1);
    }

    /// <summary>Says that a message is received at most so many nanoseconds after its stamp. [input-thread] allocates nothing, locks nothing, logs nothing.</summary>
    public void CompleteWithin(long margin) => Volatile.Write(ref _completeWithin, margin);

    /// <summary>Takes a message as the device gives it. [input-thread] allocates nothing, locks nothing, logs nothing.</summary>
    /// <param name="stamp">When it came, in nanoseconds; never before an earlier message's stamp.</param>
    /// <param name="message">The message, a note-on of velocity 0 included.</param>
    public void Receive(long stamp, MidiMessage message)
    {
        PlayerInputOptions options = Options;
        if (!ReferenceEquals(options, _applied))
        {
            Apply(options);
        }

        if (message.Kind is < MidiKind.NoteOff or > MidiKind.PitchBend)
        {
            return;
        }

        if (message.IsNoteOff)
        {
            message = MidiMessage.NoteOff(message.Channel, message.Data1);
        }

        int key = (message.Channel * 128) + message.Data1;
        bool isHeld = (message.IsNoteOn || message.IsNoteOff) && _held[key] != Unheld;
        bool wasMuted = Echo.IsMuted;
        if (options.EchoWindow > 0)
        {
            if (Echo.IsEcho(stamp, message, options.EchoWindow, isHeld, message.Channel == options.ThruChannel))
            {
                if (Echo.IsMuted && !wasMuted)
                {
                    ReleaseHeld(stamp);
                }

                return;
            }

            if (Echo.IsMuted)
            {
                return;
            }
        }

        bool isKnob = message.Kind == MidiKind.ControlChange && !PlayerInputOptions.Sounds(message.Data1);
        bool endsHeld = isHeld && message.IsNoteOff;
        if (options.Channel is int channel && channel != message.Channel && !isKnob && !endsHeld)
        {
            return;
        }

        if (message.Kind == MidiKind.ControlChange)
        {
            Volatile.Write(ref _lastControl, (((_lastControl >> 16) + 1) << 16) | (message.Data1 << 8) | message.Data2);
        }

        if (message.IsNoteOn)
        {
            message = MidiMessage.NoteOn(message.Channel, message.Data1, _velocities[message.Data2]);
        }

        if (!isKnob && message.Kind != MidiKind.ProgramChange)
        {
            Thru(stamp, message, Track(message, key, options.ThruChannel));
        }

        Write(InputEvent.Midi(stamp, message));
    }

    /// <summary>Takes a parameter that was turned at the input itself. [input-thread] allocates nothing, locks nothing, logs nothing.</summary>
    /// <param name="stamp">When, in nanoseconds; never before an earlier message's stamp.</param>
    /// <param name="parameter">Its index in the <see cref="ParameterTable"/>; one that is not there changes nothing.</param>
    /// <param name="normalised">0-1.</param>
    public void Turn(long stamp, int parameter, double normalised) => Write(InputEvent.Set(stamp, parameter, normalised));

    /// <summary>How many messages the improviser's ring had no room for. Any thread may ask.</summary>
    public long Unread => Volatile.Read(ref _unread);

    /// <summary>How often the device had no room for what was played. Any thread may ask.</summary>
    public long Overruns => Volatile.Read(ref _overruns);

    /// <summary>Says that the device had no room for some of what was played: the release of a key may be among it, so all are released.
    /// [input-thread] allocates nothing, locks nothing, logs nothing.</summary>
    public void Overran(long stamp)
    {
        Volatile.Write(ref _overruns, _overruns + 1);
        ReleaseHeld(stamp);
    }

    /// <summary>Says that the device went away: what it held down is released, at the outputs and for the improviser. Nothing more is
    /// expected until it speaks again. On the input's thread, or on another after that has stopped.</summary>
    public void Lost(long stamp)
    {
        ReleaseHeld(stamp);
        CompleteWithin(0);
    }

    /// <summary>Says that nobody plays on the device any more, though it stays: what was held down is released at the outputs. The improviser
    /// learns of it where a key or the sustain pedal was down; else nothing has changed for it: who plays a phrase and leaves is still answered.
    /// [input-thread] allocates nothing, locks nothing, logs nothing.</summary>
    public void Left(long stamp)
    {
        if (PutBack(stamp))
        {
            Write(new InputEvent(stamp, InputKind.InputLost, default, 0, 0));
        }
    }

    private void ReleaseHeld(long stamp)
    {
        PutBack(stamp);
        Write(new InputEvent(stamp, InputKind.InputLost, default, 0, 0));
    }

    /// <summary>Lets go of everything at the outputs.</summary>
    /// <returns>Whether a key or the sustain pedal was down, which the improviser has still to learn; of other levers it has then been told.</returns>
    private bool PutBack(long stamp)
    {
        bool sounded = false;
        for (int key = 0; key < _held.Length; key++)
        {
            if (_held[key] != Unheld)
            {
                Thru(stamp, MidiMessage.NoteOff(0, key % 128), _held[key]);
                _held[key] = Unheld;
                sounded = true;
            }
        }

        for (int held = 0; held < _levers.Length; held++)
        {
            if (_levers[held] == Unheld)
            {
                continue;
            }

            int lever = held % Lever.Count;
            Thru(stamp, Lever.Rest(0, lever), _levers[held]);
            _levers[held] = Unheld;
            if (lever == Lever.Sustain)
            {
                sounded = true;
            }
            else
            {
                Write(InputEvent.Midi(stamp, Lever.Rest(held / Lever.Count, lever))); // a take says what was heard
            }
        }

        return sounded;
    }

    /// <summary>Keeps what is held, and tells the channel that a message sounds on: an end goes where its beginning went.</summary>
    private int Track(MidiMessage message, int key, int thruChannel)
    {
        int channel = thruChannel;
        if (message.IsNoteOn)
        {
            _held[key] = (byte)channel;
        }
        else if (message.IsNoteOff && _held[key] != Unheld)
        {
            channel = _held[key];
            _held[key] = Unheld;
        }
        else if (Lever.Of(message) is >= 0 and int lever)
        {
            ref byte held = ref _levers[(message.Channel * Lever.Count) + lever];
            channel = held == Unheld ? channel : held;
            held = Lever.IsAtRest(message) ? Unheld : (byte)channel;
        }
        else if (message.IsControl(Controller.ResetAllControllers))
        {
            _levers.AsSpan(message.Channel * Lever.Count, Lever.Count).Fill(Unheld);
        }
        else if (message.IsControl(Controller.AllNotesOff) || message.IsControl(Controller.AllSoundOff))
        {
            _held.AsSpan(message.Channel * 128, 128).Fill(Unheld);
        }

        return channel;
    }

    private void Thru(long stamp, MidiMessage message, int channel)
    {
        TimedMessage thru = new(stamp, message.OnChannel(channel));
        for (int i = 0; i < _thru.Length; i++)
        {
            if (!_thru[i].TryWrite(thru))
            {
                _outputs[i].ThruOverflowed();
            }

            _outputs[i].Wake?.Invoke();
        }
    }

    /// <summary>To the improviser. Where its ring was full, it first learns that what was held may be up by now.</summary>
    private void Write(in InputEvent input)
    {
        _dropped = (_dropped && !Events.TryWrite(new InputEvent(input.Stamp, InputKind.InputLost, default, 0, 0))) || !Events.TryWrite(input);
        if (_dropped)
        {
            Volatile.Write(ref _unread, _unread + 1);
        }
    }

    private void Apply(PlayerInputOptions options)
    {
        for (int velocity = 1; velocity < 128; velocity++)
        {
            _velocities[velocity] = (byte)options.Velocity(velocity);
        }

        _applied = options;
    }
}

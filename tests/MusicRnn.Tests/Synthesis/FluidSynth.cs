using System.Runtime.InteropServices;
using MusicRnn.Midi;

namespace MusicRnn.Tests.Synthesis;

/// <summary>FluidSynth (libfluidsynth.so.3, fluidsynth.h) in this process, the reference for what a SoundFont sounds like.</summary>
internal sealed unsafe partial class FluidSynth : IDisposable
{
    /// <summary>Frames between the points at which it takes events.</summary>
    public const int BlockFrames = 64;

    public const string Missing = "FluidSynth is not on this system: apt-get install libfluidsynth3";

    private const string Library = "libfluidsynth.so.3";
    private const int Levels = 5; // of its log
    private const int AllChannels = -1;

    private readonly nint _settings;
    private readonly nint _synth;

    /// <param name="font">The file.</param>
    /// <param name="sampleRate">Frames a second.</param>
    /// <param name="gain">What everything is multiplied by.</param>
    /// <param name="effects">Whether reverb and chorus are on.</param>
    /// <param name="interpolation">Points that a value between points is found from: 1, 2, 4 or 7.</param>
    public FluidSynth(string font, int sampleRate, double gain = 0.5, bool effects = false, int interpolation = 4)
    {
        for (int level = 0; level < Levels; level++)
        {
            SetLogFunction(level, 0, 0);
        }

        _settings = NewSettings();
        SetNumber(_settings, "synth.sample-rate", sampleRate);
        SetNumber(_settings, "synth.gain", gain);
        SetInteger(_settings, "synth.polyphony", 256);
        SetInteger(_settings, "synth.reverb.active", effects ? 1 : 0);
        SetInteger(_settings, "synth.chorus.active", effects ? 1 : 0);
        _synth = NewSynth(_settings);
        if (LoadFont(_synth, font, 1) < 0)
        {
            Dispose();
            throw new InvalidDataException($"FluidSynth cannot read {font}.");
        }

        SetInterpolation(_synth, AllChannels, interpolation);
    }

    public static bool IsHere { get; } = NativeLibrary.TryLoad(Library, out _);

    public int SoundingVoices => ActiveVoices(_synth);

    public void Play(MidiMessage message)
    {
        int channel = message.Channel;
        _ = message.Kind switch
        {
            MidiKind.NoteOn when message.Data2 > 0 => NoteOn(_synth, channel, message.Data1, message.Data2),
            MidiKind.NoteOn or MidiKind.NoteOff => NoteOff(_synth, channel, message.Data1),
            MidiKind.KeyPressure => KeyPressure(_synth, channel, message.Data1, message.Data2),
            MidiKind.ControlChange => Control(_synth, channel, message.Data1, message.Data2),
            MidiKind.ProgramChange => ProgramChange(_synth, channel, message.Data1),
            MidiKind.ChannelPressure => ChannelPressure(_synth, channel, message.Data1),
            _ => PitchBend(_synth, channel, message.Data1 | (message.Data2 << 7)),
        };
    }

    /// <summary>Renders the next frames. An event is heard from the next multiple of <see cref="BlockFrames"/> on.</summary>
    public void Render(Span<float> left, Span<float> right)
    {
        fixed (float* l = left, r = right)
        {
            Write(_synth, left.Length, l, 0, 1, r, 0, 1);
        }
    }

    public void Dispose()
    {
        DeleteSynth(_synth);
        DeleteSettings(_settings);
    }

    [LibraryImport(Library, EntryPoint = "fluid_set_log_function")]
    private static partial nint SetLogFunction(int level, nint function, nint data);

    [LibraryImport(Library, EntryPoint = "new_fluid_settings")]
    private static partial nint NewSettings();

    [LibraryImport(Library, EntryPoint = "delete_fluid_settings")]
    private static partial void DeleteSettings(nint settings);

    [LibraryImport(Library, EntryPoint = "fluid_settings_setnum", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNumber(nint settings, string name, double value);

    [LibraryImport(Library, EntryPoint = "fluid_settings_setint", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetInteger(nint settings, string name, int value);

    [LibraryImport(Library, EntryPoint = "new_fluid_synth")]
    private static partial nint NewSynth(nint settings);

    [LibraryImport(Library, EntryPoint = "delete_fluid_synth")]
    private static partial void DeleteSynth(nint synth);

    [LibraryImport(Library, EntryPoint = "fluid_synth_sfload", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LoadFont(nint synth, string path, int resetPresets);

    [LibraryImport(Library, EntryPoint = "fluid_synth_set_interp_method")]
    private static partial int SetInterpolation(nint synth, int channel, int method);

    [LibraryImport(Library, EntryPoint = "fluid_synth_get_active_voice_count")]
    private static partial int ActiveVoices(nint synth);

    [LibraryImport(Library, EntryPoint = "fluid_synth_noteon")]
    private static partial int NoteOn(nint synth, int channel, int key, int velocity);

    [LibraryImport(Library, EntryPoint = "fluid_synth_noteoff")]
    private static partial int NoteOff(nint synth, int channel, int key);

    [LibraryImport(Library, EntryPoint = "fluid_synth_key_pressure")]
    private static partial int KeyPressure(nint synth, int channel, int key, int value);

    [LibraryImport(Library, EntryPoint = "fluid_synth_cc")]
    private static partial int Control(nint synth, int channel, int controller, int value);

    [LibraryImport(Library, EntryPoint = "fluid_synth_program_change")]
    private static partial int ProgramChange(nint synth, int channel, int program);

    [LibraryImport(Library, EntryPoint = "fluid_synth_channel_pressure")]
    private static partial int ChannelPressure(nint synth, int channel, int value);

    [LibraryImport(Library, EntryPoint = "fluid_synth_pitch_bend")]
    private static partial int PitchBend(nint synth, int channel, int value);

    [LibraryImport(Library, EntryPoint = "fluid_synth_write_float")]
    private static partial int Write(nint synth, int frames, float* left, int leftOffset, int leftStep, float* right, int rightOffset, int rightStep);
}

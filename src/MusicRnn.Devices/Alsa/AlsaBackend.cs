using System.Runtime.InteropServices;
using MusicRnn.Performance;

namespace MusicRnn.Devices.Alsa;

/// <summary>ALSA: the sequencer of the Linux kernel, and its sound cards or whatever sound server stands in for them.</summary>
public sealed unsafe class AlsaBackend : IBackend
{
    internal const string MissingLibrary = "libasound.so.2 is not installed.";
    internal const string GetLibrary = "Install it: apt-get install libasound2 (in Fedora alsa-lib).";

    /// <inheritdoc/>
    public string Name => "ALSA";

    /// <summary>Whether MIDI or sound can be used.</summary>
    public BackendAvailability Availability
    {
        get
        {
            BackendAvailability midi = MidiAvailability;
            BackendAvailability audio = AudioAvailability("default");
            return midi.IsAvailable ? midi : audio.IsAvailable ? audio
                : !LibAsound.IsLoaded ? midi
                : BackendAvailability.No($"{midi.Reason} {audio.Reason}", $"{midi.Remedy} {audio.Remedy}");
        }
    }

    /// <summary>Whether the sequencer can be used.</summary>
    public BackendAvailability MidiAvailability
    {
        get
        {
            if (!LibAsound.IsLoaded)
            {
                return BackendAvailability.No(MissingLibrary, GetLibrary);
            }

            try
            {
                using Sequencer sequencer = new("MusicRnn looking");
                return BackendAvailability.Yes($"The sequencer is there (alsa-lib {LibAsound.Version}).");
            }
            catch (AlsaException exception)
            {
                return BackendAvailability.No(exception.Message + ".", GetSequencer(exception.Error));
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<DevicePort> Ports
    {
        get
        {
            List<DevicePort> ports = [];
            if (LibAsound.IsLoaded)
            {
                AddMidi(ports);
                AddAudio(ports);
            }

            return ports;
        }
    }

    /// <summary>Whether a sound card can be played on. Opens and closes it.</summary>
    /// <param name="device">Its name as ALSA has it.</param>
    public static BackendAvailability AudioAvailability(string device)
    {
        if (!LibAsound.IsLoaded)
        {
            return BackendAvailability.No(MissingLibrary, GetLibrary);
        }

        int result = LibAsound.snd_pcm_open(out nint pcm, device, LibAsound.Playback, LibAsound.PcmNonBlock);
        if (result < 0)
        {
            // A card that is in use is one.
            string reason = new AlsaException("snd_pcm_open", device, result).Message + ".";
            return result == LibAsound.Busy ? BackendAvailability.Yes(reason) : BackendAvailability.No(reason, AudioRemedy(device));
        }

        LibAsound.snd_pcm_close(pcm);
        return BackendAvailability.Yes($"The sound card \"{device}\" is there (alsa-lib {LibAsound.Version}).");
    }

    internal static string GetSequencer(int error) => error == LibAsound.NoAccess
        ? "Join the group audio: sudo usermod -aG audio $USER, then log in again."
        : "Load it: sudo modprobe snd-seq; in a container, pass /dev/snd on: --device /dev/snd.";

    internal static string AudioRemedy(string device) => device == "default"
        ? "A card, or a sound server and its ALSA plug-in (apt-get install libasound2-plugins), must be there; in a container, pass /dev/snd on."
        : "`musicrnn devices` lists the cards that there are.";

    private static void AddMidi(List<DevicePort> ports)
    {
        try
        {
            using Sequencer sequencer = new("MusicRnn looking");
            foreach (SequencerPort port in sequencer.Ports())
            {
                if (port.Address.Client == 0)
                {
                    continue;
                }

                if (port.IsSource)
                {
                    ports.Add(new DevicePort("ALSA", port.Name, DevicePortKind.MidiInput, port.IsHardware));
                }

                if (port.IsDestination)
                {
                    ports.Add(new DevicePort("ALSA", port.Name, DevicePortKind.MidiOutput, port.IsHardware));
                }
            }
        }
        catch (AlsaException)
        {
            // No sequencer, no ports: why is said by MidiAvailability.
        }
    }

    /// <summary>The names that alsa-lib's configuration gives for playing: of each card the bare one and the one that converts, not its dozen of views.</summary>
    private static void AddAudio(List<DevicePort> ports)
    {
        void** hints = null;
        fixed (byte* kind = "pcm"u8, name = "NAME"u8, direction = "IOID"u8)
        {
            if (LibAsound.snd_device_name_hint(-1, kind, &hints) < 0)
            {
                return;
            }

            for (void** hint = hints; *hint is not null; hint++)
            {
                string device = Take(LibAsound.snd_device_name_get_hint(*hint, name));
                bool isForPlaying = Take(LibAsound.snd_device_name_get_hint(*hint, direction)) is "" or "Output";
                bool isBare = device.StartsWith("hw:", StringComparison.Ordinal);
                if (isForPlaying && device != "null" && (isBare || device.StartsWith("plughw:", StringComparison.Ordinal) || !device.Contains(':', StringComparison.Ordinal)))
                {
                    ports.Add(new DevicePort("ALSA", device, DevicePortKind.AudioOutput, isBare));
                }
            }
        }

        LibAsound.snd_device_name_free_hint(hints);
    }

    private static string Take(byte* text)
    {
        string result = Marshal.PtrToStringUTF8((nint)text) ?? "";
        LibC.free(text);
        return result;
    }
}

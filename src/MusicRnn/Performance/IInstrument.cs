using MusicRnn.Midi;

namespace MusicRnn.Performance;

/// <summary>Something that turns messages into sound: the SoundFont synthesiser, or silence.</summary>
public interface IInstrument
{
    /// <summary>Frames a second.</summary>
    int SampleRate { get; }

    /// <summary>
    /// A number for which channel is whose; 0 where that makes no difference. An instrument with another number than its predecessor's is told
    /// nothing of what that was told, since it was meant for somebody else.
    /// </summary>
    int ChannelUse => 0;

    /// <summary>Takes a message, heard from the next rendered frame on. [audio-thread] allocates nothing, locks nothing, logs nothing.</summary>
    void Play(MidiMessage message);

    /// <summary>Renders the next frames, overwriting both spans, which are of one length. [audio-thread] allocates nothing, locks nothing, logs nothing.</summary>
    void Render(Span<float> left, Span<float> right);
}

namespace MusicRnn.Synthesis;

/// <summary>
/// The voices: which sound, in the order in which they started, and which gives way when there are too many. A stolen voice
/// fades in one of a few slots beyond the polyphony, so that neither its end nor the new note's beginning clicks.
/// </summary>
internal sealed class VoicePool
{
    private const int MostFading = 32;
    private const double FadeTime = 0.004; // seconds

    private readonly Voice[] _voices; // every voice; the first _count sound, in order of their start
    private readonly int _polyphony;
    private readonly int _fadeFrames;
    private int _count;
    private int _fading;

    public VoicePool(SynthesizerOptions options)
    {
        _polyphony = options.Polyphony;
        _fadeFrames = (int)(FadeTime * options.SampleRate);
        _voices = new Voice[_polyphony + MostFading];
        for (int i = 0; i < _voices.Length; i++)
        {
            _voices[i] = new Voice(options);
        }
    }

    /// <summary>The voices that sound, in the order in which they started.</summary>
    public ReadOnlySpan<Voice> Sounding => _voices.AsSpan(0, _count);

    /// <summary>A voice to start a note with: the caller starts it at once.</summary>
    /// <param name="note">The note that it is for: its own voices are not stolen from it.</param>
    /// <param name="framesToControlPoint">For the fade of a stolen voice.</param>
    public Voice? Take(long note, int framesToControlPoint)
    {
        if (_count - _fading >= _polyphony && !StealOne(note, framesToControlPoint))
        {
            return null;
        }

        if (_count == _voices.Length)
        {
            FreeFirstFading();
        }

        return _voices[_count++];
    }

    /// <summary>Fades a voice out within milliseconds.</summary>
    public void Silence(Voice voice, int framesToControlPoint)
    {
        if (voice.State != VoiceState.Stolen)
        {
            voice.Cut();
            voice.Steal(_fadeFrames);
            voice.Plan(framesToControlPoint);
            _fading++;
        }
    }

    /// <summary>Lets go of the voices whose ramp has led to silence. At control points only: so the order, and with it the sum's rounding, is the same however the frames are asked for.</summary>
    public void Sweep()
    {
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            Voice voice = _voices[i];
            if (voice.IsEnding)
            {
                _fading -= voice.State == VoiceState.Stolen ? 1 : 0;
                voice.Free();
            }
            else
            {
                (_voices[kept], _voices[i]) = (voice, _voices[kept]);
                kept++;
            }
        }

        _count = kept;
    }

    private bool StealOne(long note, int framesToControlPoint)
    {
        Voice? victim = null;
        double least = double.MaxValue;
        foreach (Voice voice in Sounding)
        {
            if (voice.State == VoiceState.Stolen || voice.Note == note)
            {
                continue;
            }

            double weight = voice.State switch
            {
                VoiceState.Released => 0.05,
                VoiceState.Sustained or VoiceState.Sostenuto => 0.5,
                _ => 1,
            };
            double worth = weight * (voice.Loudness + 1e-4); // of equally loud ones the oldest goes: it is met first
            if (worth < least)
            {
                (victim, least) = (voice, worth);
            }
        }

        if (victim is null)
        {
            return false;
        }

        Silence(victim, framesToControlPoint);
        return true;
    }

    private void FreeFirstFading()
    {
        for (int i = 0; i < _count; i++)
        {
            if (_voices[i].State == VoiceState.Stolen)
            {
                Voice voice = _voices[i];
                Array.Copy(_voices, i + 1, _voices, i, _count - i - 1);
                _voices[--_count] = voice;
                _fading--;
                voice.Free();
                return;
            }
        }
    }
}

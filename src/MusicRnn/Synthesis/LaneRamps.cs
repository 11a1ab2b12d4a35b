using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MusicRnn.Synthesis;

/// <summary>The filter and gain ramps of eight voices side by side. A lane without a voice is all zeros, and so silent.</summary>
internal struct LaneRamps
{
    public Vector256<float> Elapsed, State1, State2;
    public Vector256<float> A1, A1Step, A2, A2Step, A3, A3Step;
    public Vector256<float> Left, LeftStep, Right, RightStep, Reverb, ReverbStep, Chorus, ChorusStep;

    /// <summary>Puts a voice into a lane, 0-7.</summary>
    public void Load(int lane, Voice voice)
    {
        Set(ref Elapsed, lane, voice.Elapsed);
        Set(ref State1, lane, voice.Filter.State1);
        Set(ref State2, lane, voice.Filter.State2);
        Set(ref A1, lane, voice.Filter.A1);
        Set(ref A1Step, lane, voice.Filter.A1Step);
        Set(ref A2, lane, voice.Filter.A2);
        Set(ref A2Step, lane, voice.Filter.A2Step);
        Set(ref A3, lane, voice.Filter.A3);
        Set(ref A3Step, lane, voice.Filter.A3Step);
        Set(ref Left, lane, voice.Left);
        Set(ref LeftStep, lane, voice.LeftStep);
        Set(ref Right, lane, voice.Right);
        Set(ref RightStep, lane, voice.RightStep);
        Set(ref Reverb, lane, voice.Reverb);
        Set(ref ReverbStep, lane, voice.ReverbStep);
        Set(ref Chorus, lane, voice.Chorus);
        Set(ref ChorusStep, lane, voice.ChorusStep);
    }

    private static void Set(ref Vector256<float> vector, int lane, float value) =>
        Unsafe.Add(ref Unsafe.As<Vector256<float>, float>(ref vector), lane) = value;
}

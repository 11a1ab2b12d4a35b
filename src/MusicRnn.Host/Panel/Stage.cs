using MusicRnn.Host.Options;
using MusicRnn.Host.Services;
using MusicRnn.Model;

namespace MusicRnn.Host.Panel;

/// <summary>What plays now, for those who watch.</summary>
/// <param name="Rig">The devices.</param>
/// <param name="Session">The performance.</param>
/// <param name="Network">The network that answers.</param>
/// <param name="Sound">The voice.</param>
/// <param name="Settings">The settings in force.</param>
internal sealed record Stage(Rig Rig, Session Session, Network Network, Sound Sound, Settings Settings);

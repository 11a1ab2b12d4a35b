using System.Runtime.InteropServices;

namespace MusicRnn.Devices.Alsa;

/// <summary>The sequencer (<c>seq.h</c>, <c>seqmid.h</c>).</summary>
internal static unsafe partial class LibAsound
{
    public const int OpenDuplex = 3; // SND_SEQ_OPEN_DUPLEX
    public const int SequencerNonBlock = 1; // SND_SEQ_NONBLOCK

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int snd_seq_open(out nint sequencer, string name, int streams, int mode);

    [LibraryImport(Name)]
    public static partial int snd_seq_close(nint sequencer);

    [LibraryImport(Name)]
    public static partial int snd_seq_client_id(nint sequencer);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int snd_seq_set_client_name(nint sequencer, string name);

    [LibraryImport(Name)]
    public static partial int snd_seq_set_client_pool_input(nint sequencer, nuint events);

    [LibraryImport(Name)]
    public static partial int snd_seq_set_client_pool_output(nint sequencer, nuint events);

    [LibraryImport(Name)]
    public static partial int snd_seq_create_port(nint sequencer, nint portInfo);

    [LibraryImport(Name)]
    public static partial int snd_seq_connect_from(nint sequencer, int port, int sourceClient, int sourcePort);

    [LibraryImport(Name)]
    public static partial int snd_seq_connect_to(nint sequencer, int port, int destinationClient, int destinationPort);

    [LibraryImport(Name)]
    public static partial int snd_seq_disconnect_to(nint sequencer, int port, int destinationClient, int destinationPort);

    [LibraryImport(Name)]
    public static partial int snd_seq_port_info_malloc(out nint info);

    [LibraryImport(Name)]
    public static partial void snd_seq_port_info_free(nint info);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void snd_seq_port_info_set_name(nint info, string name);

    [LibraryImport(Name)]
    public static partial void snd_seq_port_info_set_capability(nint info, uint capability);

    [LibraryImport(Name)]
    public static partial void snd_seq_port_info_set_type(nint info, uint type);

    [LibraryImport(Name)]
    public static partial void snd_seq_port_info_set_midi_channels(nint info, int channels);

    [LibraryImport(Name)]
    public static partial void snd_seq_port_info_set_timestamping(nint info, int enable);

    [LibraryImport(Name)]
    public static partial void snd_seq_port_info_set_timestamp_real(nint info, int enable);

    [LibraryImport(Name)]
    public static partial void snd_seq_port_info_set_timestamp_queue(nint info, int queue);

    [LibraryImport(Name)]
    public static partial void snd_seq_port_info_set_client(nint info, int client);

    [LibraryImport(Name)]
    public static partial void snd_seq_port_info_set_port(nint info, int port);

    [LibraryImport(Name)]
    public static partial int snd_seq_port_info_get_port(nint info);

    [LibraryImport(Name)]
    public static partial nint snd_seq_port_info_get_name(nint info);

    [LibraryImport(Name)]
    public static partial uint snd_seq_port_info_get_capability(nint info);

    [LibraryImport(Name)]
    public static partial uint snd_seq_port_info_get_type(nint info);

    [LibraryImport(Name)]
    public static partial int snd_seq_query_next_port(nint sequencer, nint info);

    [LibraryImport(Name)]
    public static partial int snd_seq_client_info_malloc(out nint info);

    [LibraryImport(Name)]
    public static partial void snd_seq_client_info_free(nint info);

    [LibraryImport(Name)]
    public static partial void snd_seq_client_info_set_client(nint info, int client);

    [LibraryImport(Name)]
    public static partial int snd_seq_client_info_get_client(nint info);

    [LibraryImport(Name)]
    public static partial nint snd_seq_client_info_get_name(nint info);

    [LibraryImport(Name)]
    public static partial int snd_seq_query_next_client(nint sequencer, nint info);

    [LibraryImport(Name)]
    public static partial int snd_seq_query_subscribe_malloc(out nint query);

    [LibraryImport(Name)]
    public static partial void snd_seq_query_subscribe_free(nint query);

    [LibraryImport(Name)]
    public static partial void snd_seq_query_subscribe_set_root(nint query, SequencerAddress* address);

    [LibraryImport(Name)]
    public static partial void snd_seq_query_subscribe_set_type(nint query, int type);

    [LibraryImport(Name)]
    public static partial void snd_seq_query_subscribe_set_index(nint query, int index);

    [LibraryImport(Name)]
    public static partial SequencerAddress* snd_seq_query_subscribe_get_addr(nint query);

    [LibraryImport(Name)]
    public static partial int snd_seq_query_port_subscribers(nint sequencer, nint query);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int snd_seq_alloc_named_queue(nint sequencer, string name);

    [LibraryImport(Name)]
    public static partial int snd_seq_control_queue(nint sequencer, int queue, int type, int value, nint @event);

    [LibraryImport(Name)]
    public static partial int snd_seq_drain_output(nint sequencer);

    [LibraryImport(Name)]
    public static partial int snd_seq_queue_status_malloc(out nint status);

    [LibraryImport(Name)]
    public static partial void snd_seq_queue_status_free(nint status);

    [LibraryImport(Name)]
    public static partial int snd_seq_get_queue_status(nint sequencer, int queue, nint status);

    [LibraryImport(Name)]
    public static partial int snd_seq_queue_status_get_events(nint status);

    [LibraryImport(Name)]
    public static partial uint* snd_seq_queue_status_get_real_time(nint status);

    [LibraryImport(Name)]
    public static partial int snd_seq_event_input(nint sequencer, SequencerEvent** @event);

    [LibraryImport(Name)]
    public static partial int snd_seq_event_output_direct(nint sequencer, SequencerEvent* @event);

    [LibraryImport(Name)]
    public static partial int snd_seq_poll_descriptors(nint sequencer, PollDescriptor* descriptors, uint space, short events);
}

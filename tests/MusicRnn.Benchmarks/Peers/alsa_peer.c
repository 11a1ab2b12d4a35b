/* A plain ALSA sequencer client in C.
 *
 *   alsa_peer hear COUNT SECONDS            a port "ear:ear" that prints, at the end, one line "NANOSECONDS" for each note-on that arrived, by CLOCK_MONOTONIC
 *   alsa_peer play COUNT GAP                plays COUNT note-ons to that port, GAP nanoseconds apart, each scheduled on the client's own real-time queue
 *                                           10 ms ahead, and prints for each when it was due
 */
#include <alsa/asoundlib.h>
#include <poll.h>
#include <time.h>

static long long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void sleep_until(long long stamp)
{
    struct timespec t = { stamp / 1000000000LL, stamp % 1000000000LL };
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL)) { }
}

static int hear(snd_seq_t *seq, int count, int seconds)
{
    long long *arrived = calloc(count, sizeof *arrived), end = now() + seconds * 1000000000LL;
    int n = 0;
    struct pollfd file;
    snd_seq_set_client_name(seq, "ear");
    snd_seq_create_simple_port(seq, "ear", SND_SEQ_PORT_CAP_WRITE | SND_SEQ_PORT_CAP_SUBS_WRITE, SND_SEQ_PORT_TYPE_APPLICATION);
    snd_seq_set_client_pool_input(seq, 1000);
    snd_seq_nonblock(seq, 1);
    snd_seq_poll_descriptors(seq, &file, 1, POLLIN);
    printf("ready\n");
    fflush(stdout);
    while (n < count && now() < end) {
        snd_seq_event_t *event;
        poll(&file, 1, 100);
        while (n < count && snd_seq_event_input(seq, &event) >= 0) {
            if (event->type == SND_SEQ_EVENT_NOTEON) arrived[n++] = now();
        }
    }
    for (int i = 0; i < n; i++) printf("%lld\n", arrived[i]);
    return 0;
}

static int play(snd_seq_t *seq, int count, long long gap)
{
    snd_seq_queue_status_t *status;
    snd_seq_addr_t ear;
    int queue, port;
    snd_seq_set_client_name(seq, "hand");
    queue = snd_seq_alloc_named_queue(seq, "hand");
    port = snd_seq_create_simple_port(seq, "hand", SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ, SND_SEQ_PORT_TYPE_APPLICATION);
    if (snd_seq_parse_address(seq, &ear, "ear:0") < 0 || snd_seq_connect_to(seq, port, ear.client, ear.port) < 0) return 1;
    snd_seq_start_queue(seq, queue, NULL);
    snd_seq_drain_output(seq);
    snd_seq_queue_status_alloca(&status);
    snd_seq_get_queue_status(seq, queue, status);
    const snd_seq_real_time_t *time = snd_seq_queue_status_get_real_time(status);
    long long origin = now() - (time->tv_sec * 1000000000LL + time->tv_nsec), start = now() + 100000000LL;
    for (int i = 0; i < count; i++) {
        long long due = start + i * gap, at = due - origin;
        snd_seq_real_time_t when = { at / 1000000000LL, at % 1000000000LL };
        snd_seq_event_t event;
        sleep_until(due - 10000000LL);
        snd_seq_ev_clear(&event);
        snd_seq_ev_set_source(&event, port);
        snd_seq_ev_set_subs(&event);
        snd_seq_ev_set_noteon(&event, 1, i % 128, 80);
        snd_seq_ev_schedule_real(&event, queue, 0, &when);
        snd_seq_event_output_direct(seq, &event);
        printf("%lld\n", due);
    }
    sleep_until(start + count * gap + 200000000LL);
    return 0;
}

int main(int count, char **arguments)
{
    snd_seq_t *seq;
    if (count != 4 || snd_seq_open(&seq, "default", SND_SEQ_OPEN_DUPLEX, 0) < 0) return 2;
    return !strcmp(arguments[1], "hear") ? hear(seq, atoi(arguments[2]), atoi(arguments[3])) : play(seq, atoi(arguments[2]), atoll(arguments[3]));
}

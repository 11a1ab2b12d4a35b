/* A plain recorder in C: sleeps until each message is due and writes the time at which it wakes.
 *
 *   clock_peer COUNT GAP        prints for each of COUNT moments, GAP nanoseconds apart, how many nanoseconds late it was
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static long long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int count, char **arguments)
{
    if (count != 3) return 2;
    int n = atoi(arguments[1]);
    long long gap = atoll(arguments[2]), start = now() + 100000000LL, *late = calloc(n, sizeof *late);
    for (int i = 0; i < n; i++) {
        long long due = start + i * gap;
        struct timespec t = { due / 1000000000LL, due % 1000000000LL };
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL)) { }
        late[i] = now() - due;
    }
    for (int i = 0; i < n; i++) printf("%lld\n", late[i]);
    return 0;
}

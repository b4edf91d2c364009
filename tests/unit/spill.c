/*
 * The correlations' store: whatever order events come in, and however often the buffer goes to
 * disk, each group comes back once, whole and sorted.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "run/spill.h"

#include "base/map.h"
#include "tap.h"

#define GROUPS 5000u
#define EVENTS 600000u /* times 72 bytes: more than the buffer holds, twice */

struct seen {
    uint32_t groups, last_corr, wrong_order, unsorted, wrong_key;
    uint64_t events, sum;
    bool have[GROUPS];
};

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static bool on_group(void *user, uint32_t corr, struct ir_str key, const struct ir_corr_event *ev,
                     const struct ir_place *place, size_t n)
{
    struct seen *s = user;
    char text[32];
    snprintf(text, sizeof text, "%.*s", IR_FMT(key));
    unsigned long number = strtoul(text, NULL, 10);
    if (number >= GROUPS || s->have[number] || corr < s->last_corr || corr != number % 3)
        s->wrong_order++;
    else
        s->have[number] = true;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && ev[i].time < ev[i - 1].time) s->unsorted++;
        if (place[i].offset % GROUPS != number) s->wrong_key++;
        s->sum += (uint64_t)ev[i].time;
    }
    s->groups++;
    s->events += n;
    s->last_corr = corr;
    return true;
}

/* alike: all keys have one hash, and only the keys themselves tell groups apart. */
static void run(int fd, const char *what, bool alike, uint64_t want_lost_at_most)
{
    struct ir_spill_file file = {.fd = fd};
    struct ir_spill *sp = ir_spill_new(&file);
    static struct seen seen;
    seen = (struct seen){0};
    uint64_t state = 7, sum = 0;
    bool ok_all = sp != NULL && (fd < 0 || lseek(fd, 0, SEEK_SET) == 0);
    for (uint32_t i = 0; i < EVENTS; i++) {
        uint64_t g = next_random(&state) % GROUPS;
        char key[32];
        int len = g == 0 ? 0 : snprintf(key, sizeof key, "%04u", (unsigned)g);
        struct ir_str k = ir_str_n(key, (size_t)len); /* of one group it is empty */
        struct ir_corr_event ev = {.time = (int64_t)(next_random(&state) % 1000000), .weight = 1};
        struct ir_place place = {.offset = g + GROUPS * (uint64_t)i};
        sum += (uint64_t)ev.time;
        ok_all = ok_all &&
                 ir_spill_add(sp, (uint32_t)g % 3, k, alike ? 3 : ir_hash(k, 3), &ev, &place, 1);
    }
    ok(ok_all, "%s: all are taken", what);
    ok(ir_spill_each(sp, on_group, &seen), "%s: all are given back", what);
    uint64_t lost = ir_spill_lost(sp);
    ok(lost <= want_lost_at_most, "%s: lost %llu", what, (unsigned long long)lost);
    is_int((long long)(seen.events + lost), EVENTS, "%s: events", what);
    if (want_lost_at_most == 0) {
        is_int(seen.groups, GROUPS, "%s: groups", what);
        is_int((long long)seen.sum, (long long)sum, "%s: the very events", what);
        ok(file.end > 0, "%s: the disk was used", what);
    } else {
        ok(lost > 0, "%s: without a file something must be lost, and is counted", what);
    }
    is_int(seen.wrong_order, 0, "%s: groups in order, none twice", what);
    is_int(seen.unsorted, 0, "%s: events sorted by time", what);
    is_int(seen.wrong_key, 0, "%s: events in their own group", what);
    ir_spill_free(sp);
    ir_buf_free(&file.out);
}

int main(void)
{
    int fd = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    if (fd < 0)
        skip("no unnamed file in /tmp");
    else
        run(fd, "with a file", false, 0);
    if (fd >= 0) run(fd, "with one hash", true, 0);
    run(-1, "without a file", false, EVENTS);
    if (fd >= 0) close(fd);
    return done();
}

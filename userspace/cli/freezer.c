// SPDX-License-Identifier: GPL-2.0-only

#include "freezer.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "clock.h"

/*
 * struct freezer - its values
 * @lock: for all that is below it, and held while values are written
 * @changed: the thread has to look again
 */
struct freezer {
	struct memrw_target *target;
	unsigned int flags;
	pthread_t thread;
	bool running;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stopping;
	struct frozen *items;
	size_t count;
	int64_t next_number;
	int ended;
};

/*
 * All that is due
 */

static void note_end(struct freezer *freezer, int error)
{
	if (error == ESRCH || error == ESTALE)
		freezer->ended = error;
}

static int64_t step(struct freezer *freezer, int64_t now)
{
	int64_t next = INT64_MAX;

	for (size_t i = 0; i < freezer->count && !freezer->ended; i++) {
		struct frozen *item = &freezer->items[i];

		if (item->due <= now) {
			note_end(freezer, frozen_write(item, freezer->target, freezer->flags));
			frozen_schedule(item, now);
		}
		if (item->due < next)
			next = item->due;
	}
	return freezer->ended ? INT64_MAX : next;
}

int64_t freezer_step(struct freezer *freezer, int64_t now)
{
	int64_t next;

	pthread_mutex_lock(&freezer->lock);
	next = step(freezer, now);
	pthread_mutex_unlock(&freezer->lock);
	return next;
}

/*
 * The thread
 */

static void wait_until(struct freezer *freezer, int64_t time)
{
	const struct timespec end = { time / 1000000000, time % 1000000000 };

	if (time == INT64_MAX)
		pthread_cond_wait(&freezer->changed, &freezer->lock);
	else
		pthread_cond_timedwait(&freezer->changed, &freezer->lock, &end);
}

static void *run(void *data)
{
	struct freezer *freezer = data;

	pthread_mutex_lock(&freezer->lock);
	while (!freezer->stopping) {
		int64_t next = step(freezer, clock_now());

		wait_until(freezer, next);
	}
	pthread_mutex_unlock(&freezer->lock);
	return NULL;
}

/* Signals are the other threads' business. */
int freezer_start(struct freezer *freezer)
{
	sigset_t all, before;

	if (freezer->running)
		return 0;
	freezer->stopping = false;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	errno = pthread_create(&freezer->thread, NULL, run, freezer);
	freezer->running = errno == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return freezer->running ? 0 : -1;
}

void freezer_stop(struct freezer *freezer)
{
	if (!freezer->running)
		return;
	pthread_mutex_lock(&freezer->lock);
	freezer->stopping = true;
	pthread_cond_signal(&freezer->changed);
	pthread_mutex_unlock(&freezer->lock);
	pthread_join(freezer->thread, NULL);
	freezer->running = false;
}

/*
 * Its values
 */

struct freezer *freezer_open(struct memrw_target *target, unsigned int flags)
{
	struct freezer *freezer = calloc(1, sizeof(*freezer));
	pthread_condattr_t attributes;

	if (!freezer)
		return NULL;
	freezer->target = target;
	freezer->flags = flags;
	pthread_mutex_init(&freezer->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&freezer->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	return freezer;
}

static int64_t add(struct freezer *freezer, const struct freeze *freeze)
{
	struct frozen *grown = reallocarray(freezer->items, freezer->count + 1,
					    sizeof(*grown));

	if (!grown)
		return -1;
	freezer->items = grown;
	if (frozen_make(&grown[freezer->count], freeze, clock_now()) < 0)
		return -1;
	grown[freezer->count++].number = freezer->next_number;
	pthread_cond_signal(&freezer->changed);
	return freezer->next_number++;
}

int64_t freezer_add(struct freezer *freezer, const struct freeze *freeze)
{
	int64_t number;

	pthread_mutex_lock(&freezer->lock);
	number = add(freezer, freeze);
	pthread_mutex_unlock(&freezer->lock);
	return number;
}

static struct frozen *find(struct freezer *freezer, int64_t number)
{
	for (size_t i = 0; i < freezer->count; i++) {
		if (freezer->items[i].number == number)
			return &freezer->items[i];
	}
	errno = ENOENT;
	return NULL;
}

int freezer_remove(struct freezer *freezer, int64_t number)
{
	struct frozen *item;

	pthread_mutex_lock(&freezer->lock);
	item = find(freezer, number);
	if (item) {
		frozen_clear(item);
		*item = freezer->items[--freezer->count];
	}
	pthread_mutex_unlock(&freezer->lock);
	return item ? 0 : -1;
}

int freezer_status(struct freezer *freezer, int64_t number,
		   struct freeze_status *status)
{
	struct frozen *item;

	pthread_mutex_lock(&freezer->lock);
	item = find(freezer, number);
	if (item)
		*status = item->status;
	pthread_mutex_unlock(&freezer->lock);
	return item ? 0 : -1;
}

int freezer_ended(struct freezer *freezer)
{
	int ended;

	pthread_mutex_lock(&freezer->lock);
	ended = freezer->ended;
	pthread_mutex_unlock(&freezer->lock);
	return ended;
}

void freezer_close(struct freezer *freezer)
{
	if (!freezer)
		return;
	freezer_stop(freezer);
	for (size_t i = 0; i < freezer->count; i++)
		frozen_clear(&freezer->items[i]);
	free(freezer->items);
	pthread_cond_destroy(&freezer->changed);
	pthread_mutex_destroy(&freezer->lock);
	free(freezer);
}

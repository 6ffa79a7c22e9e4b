// SPDX-License-Identifier: GPL-2.0-only
/* A session is an open file description: who shares it, and passes it on. */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/session.h"
#include "lib/setuid.h"
#include "lib/test.h"
#include "lib/worker.h"

static struct worker *target;
static uint64_t address;
static int session;

static int setup(void **state)
{
	(void)state;
	target = worker_start(ROOT);
	address = memory_map_pattern(target, PAGE, 1);
	session = session_open_bound(worker_pid(target));
	return 0;
}

static void sessions_are_apart(void **state)
{
	struct worker *second = worker_start(ROOT);
	int other = session_open_bound(worker_pid(second));
	struct memrw_get_target answer;

	(void)state;
	assert_int_equal(session_get_target(session, &answer), 0);
	assert_int_equal(answer.pid, worker_pid(target));
	assert_int_equal(session_bind(other, 0), 0);
	assert_int_equal(session_state(session), MEMRW_TARGET_BOUND);
}

static void dup_shares_target_and_offset(void **state)
{
	struct worker *second = worker_start(ROOT);
	int twin = fcntl(session, F_DUPFD_CLOEXEC, 0);
	struct memrw_get_target answer;

	(void)state;
	assert_int_equal(session_bind(twin, worker_pid(second)), 0);
	assert_int_equal(session_get_target(session, &answer), 0);
	assert_int_equal(answer.pid, worker_pid(second));
	lseek(twin, 4096, SEEK_SET);
	assert_int_equal(lseek(session, 0, SEEK_CUR), 4096);
	close(twin);
	assert_int_equal(session_state(session), MEMRW_TARGET_BOUND);
}

static void fork_shares_the_session(void **state)
{
	struct worker *child = worker_start(ROOT), *second = worker_start(ROOT);
	struct member_request request = { .session = session, .pid = worker_pid(second),
					  .address = address };
	struct memrw_get_target answer;

	(void)state;
	assert_int_equal(worker_call(child, member_read, &request, sizeof(request)), 8);
	assert_int_equal(worker_call(child, member_bind, &request, sizeof(request)), 0);
	assert_int_equal(session_get_target(session, &answer), 0);
	assert_int_equal(answer.pid, worker_pid(second));
}

static void a_session_outlives_the_process_that_opened_it(void **state)
{
	struct worker *heir = worker_start(ROOT);
	struct member_request request = { .session = session, .address = address };

	(void)state;
	session_close(session);
	assert_int_equal(worker_call(heir, member_read, &request, sizeof(request)), 8);
}

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static void send_descriptor(int socket, int fd)
{
	union control control = { .header = {
		.cmsg_len = CMSG_LEN(sizeof(int)),
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
	} };
	struct iovec data = { "", 1 };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof(control.bytes) };

	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	assert_int_equal(sendmsg(socket, &message, 0), 1);
}

/* Runs in a worker: the descriptor received, or -errno. */
static long receive_descriptor(void *arg)
{
	union control control;
	char byte;
	struct iovec data = { &byte, 1 };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof(control.bytes) };
	int fd;

	if (recvmsg(*(int *)arg, &message, 0) != 1)
		return -errno;
	memcpy(&fd, CMSG_DATA(&control.header), sizeof(fd));
	return fd;
}

static void a_descriptor_that_is_passed_on_takes_its_authority_along(void **state)
{
	struct member_request request = { .address = address, .pid = worker_pid(target) };
	struct worker *outsider;
	int sockets[2];

	(void)state;
	assert_return_code(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), errno);
	session_close(session);
	outsider = worker_start(OUTSIDER);
	/* Opened after the fork: it can come by the socket only. */
	session = session_open_bound(worker_pid(target));
	send_descriptor(sockets[0], session);
	request.session = worker_call(outsider, receive_descriptor, &sockets[1], sizeof(int));
	assert_true(request.session >= 0);
	assert_int_equal(worker_call(outsider, member_read, &request, sizeof(request)), 8);
	/* To bind again it is the outsider's own authority that counts. */
	assert_int_equal(worker_call(outsider, member_bind, &request, sizeof(request)), -EPERM);
	assert_int_equal(worker_call(outsider, member_read, &request, sizeof(request)), 8);
	close(sockets[0]);
	close(sockets[1]);
}

static long drop_rights(void *arg)
{
	(void)arg;
	become(MEMBER);
	return 0;
}

static void the_policy_is_not_asked_again_after_bind(void **state)
{
	struct worker *caller = worker_start(ROOT);
	struct member_request request = { .session = session, .pid = worker_pid(target),
					  .address = address };

	(void)state;
	assert_int_equal(worker_call(caller, member_bind, &request, sizeof(request)), 0);
	worker_call(caller, drop_rights, NULL, 0);
	assert_int_equal(worker_call(caller, member_read, &request, sizeof(request)), 8);
	assert_int_equal(worker_call(caller, member_bind, &request, sizeof(request)), -EPERM);
	assert_int_equal(worker_call(caller, member_read, &request, sizeof(request)), 8);
}

#define AREA		(256 * PAGE)
#define RACE_MS		3000
#define READERS		2

/* Two targets with the same area, each filled with its own byte. */
struct race {
	pid_t pids[2];
	uint8_t *area;
	atomic_bool over;
	atomic_ulong binds, reads[2], mixed, failed;
};

static void *rebind(void *arg)
{
	struct race *race = arg;

	for (unsigned long i = 0; !race->over; i++) {
		if (session_bind(session, race->pids[i & 1]))
			race->failed++;
		race->binds++;
	}
	return NULL;
}

/* 'a', 'b', or 0 for something else. */
static uint8_t only_byte(const uint8_t *buffer, size_t length)
{
	return memcmp(buffer, buffer + 1, length - 1) ? 0 : buffer[0];
}

static void *read_area(void *arg)
{
	struct race *race = arg;
	uint8_t *buffer = malloc(AREA);

	while (!race->over) {
		if (session_pread(session, (uintptr_t)race->area, buffer, AREA) != (int64_t)AREA) {
			race->failed++;
			continue;
		}
		switch (only_byte(buffer, AREA)) {
		case 'a':
			race->reads[0]++;
			break;
		case 'b':
			race->reads[1]++;
			break;
		default:
			race->mixed++;
		}
	}
	free(buffer);
	return NULL;
}

static pid_t start_racer(uint8_t *area, uint8_t byte)
{
	/* Forked with it, and private: each worker's area stays as it is now. */
	memset(area, byte, AREA);
	return worker_pid(worker_start(ROOT));
}

static void each_transfer_keeps_the_target_that_it_began_with(void **state)
{
	static struct race race;
	pthread_t threads[READERS + 1];

	(void)state;
	race.area = mmap(NULL, AREA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	race.pids[0] = start_racer(race.area, 'a');
	race.pids[1] = start_racer(race.area, 'b');
	assert_int_equal(session_bind(session, race.pids[0]), 0);
	for (int i = 0; i < READERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, read_area, &race), 0);
	assert_int_equal(pthread_create(&threads[READERS], NULL, rebind, &race), 0);
	sleep_ms(RACE_MS);
	race.over = true;
	for (int i = 0; i <= READERS; i++)
		pthread_join(threads[i], NULL);
	note("%lu binds, %lu and %lu reads", race.binds, race.reads[0], race.reads[1]);
	assert_int_equal(race.failed, 0);
	assert_int_equal(race.mixed, 0);
	assert_true(race.binds > 100 && race.reads[0] && race.reads[1]);
	munmap(race.area, AREA);
}

static void *unbind_and_bind(void *arg)
{
	struct race *race = arg;

	while (!race->over) {
		session_bind(session, 0);
		session_bind(session, race->pids[0]);
		race->binds++;
	}
	return NULL;
}

static void unbinding_while_others_read_gives_them_a_target_or_none(void **state)
{
	static struct race race;
	unsigned long none = 0, read = 0, wrong = 0;
	pthread_t thread;
	uint8_t page[PAGE];

	(void)state;
	race.pids[0] = worker_pid(target);
	assert_int_equal(pthread_create(&thread, NULL, unbind_and_bind, &race), 0);
	for (uint64_t end = now_ms() + RACE_MS; now_ms() < end;) {
		int64_t done = session_read(session, address, page, PAGE, 0);

		if (done == -EBADFD)
			none++;
		else if (done == (int64_t)PAGE && pattern_matches(page, PAGE, 0, 1))
			read++;
		else
			wrong++;
	}
	race.over = true;
	pthread_join(thread, NULL);
	note("%lu binds, %lu reads, %lu without a target", race.binds, read, none);
	assert_int_equal(wrong, 0);
	assert_true(race.binds > 100 && read && none);
}

#define on_target(fn) cmocka_unit_test_setup_teardown(fn, setup, test_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_target(sessions_are_apart),
		on_target(dup_shares_target_and_offset),
		on_target(fork_shares_the_session),
		on_target(a_session_outlives_the_process_that_opened_it),
		on_target(a_descriptor_that_is_passed_on_takes_its_authority_along),
		on_target(the_policy_is_not_asked_again_after_bind),
		on_target(each_transfer_keeps_the_target_that_it_began_with),
		on_target(unbinding_while_others_read_gives_them_a_target_or_none),
	};

	return run_behaviours(tests);
}

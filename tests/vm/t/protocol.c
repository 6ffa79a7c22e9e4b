// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules that all commands share: size, flags, reserved fields, the
 * struct's own memory, unknown commands.
 */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/window.h"
#include "lib/worker.h"

#define TAIL 64

union arguments {
	struct {
		__u32 size;
		__u32 flags;
	};
	struct memrw_info info;
	struct memrw_set_target set_target;
	struct memrw_get_target get_target;
	struct memrw_transfer transfer;
	struct memrw_batch batch;
	struct memrw_atomic atomic;
	struct memrw_query_region query_region;
	struct memrw_set_watch set_watch;
	struct memrw_sync_window sync_window;
	uint8_t bytes[256];
};

struct fixture {
	int session;
	struct worker *target;
	uint64_t address;
	uint64_t buffer[2];
	struct memrw_segment segments[2];
};

struct command {
	const char *name;
	unsigned long number;
	size_t size;
	void (*fill)(union arguments *arguments, struct fixture *fixture);
	bool answers;	/* writes to its struct */
	bool opens;	/* returns a descriptor */
	uint32_t flags;	/* that it knows */
};

static void fill_nothing(union arguments *arguments, struct fixture *fixture)
{
	(void)arguments;
	(void)fixture;
}

static void fill_set_target(union arguments *arguments, struct fixture *fixture)
{
	arguments->set_target.pid = worker_pid(fixture->target);
}

static void fill_transfer(union arguments *arguments, struct fixture *fixture)
{
	arguments->transfer.address = fixture->address;
	arguments->transfer.buffer = (uintptr_t)fixture->buffer;
	arguments->transfer.length = sizeof(fixture->buffer);
}

static void fill_batch(union arguments *arguments, struct fixture *fixture)
{
	for (int i = 0; i < 2; i++)
		fixture->segments[i] = segment(fixture->address + 8 * i, &fixture->buffer[i], 8);
	arguments->batch.segments = (uintptr_t)fixture->segments;
	arguments->batch.count = 2;
}

static void fill_atomic(union arguments *arguments, struct fixture *fixture)
{
	arguments->atomic.address = fixture->address;
	arguments->atomic.op = MEMRW_ATOMIC_COMPARE_EXCHANGE;
	arguments->atomic.width = 8;
	arguments->atomic.operand = 1;
	arguments->atomic.expected = 2;
}

static void fill_query_region(union arguments *arguments, struct fixture *fixture)
{
	arguments->query_region.address = fixture->address;
}

static void fill_sync_window(union arguments *arguments, struct fixture *fixture)
{
	static void *window;

	if (window)
		munmap(window, PAGE);
	window = window_map(fixture->session, fixture->address, PAGE, PROT_READ);
	arguments->sync_window.address = (uintptr_t)window;
	arguments->sync_window.length = PAGE;
}

static void fill_set_watch(union arguments *arguments, struct fixture *fixture)
{
	arguments->set_watch.address = fixture->address;
	arguments->set_watch.length = 8;
	arguments->set_watch.type = MEMRW_WATCH_TYPE_WRITE;
	arguments->set_watch.hit_size = sizeof(struct memrw_watch_hit);
}

#define COMMAND(_name, _number, _struct, _fill, ...)	\
	{ .name = _name, .number = _number, .size = sizeof(struct _struct), .fill = _fill, __VA_ARGS__ }

static struct command commands[] = {
	COMMAND("get_info", MEMRW_IOC_GET_INFO, memrw_info, fill_nothing, .answers = true),
	COMMAND("set_target", MEMRW_IOC_SET_TARGET, memrw_set_target, fill_set_target),
	COMMAND("get_target", MEMRW_IOC_GET_TARGET, memrw_get_target, fill_nothing,
		.answers = true),
	COMMAND("read", MEMRW_IOC_READ, memrw_transfer, fill_transfer, .answers = true),
	COMMAND("write", MEMRW_IOC_WRITE, memrw_transfer, fill_transfer, .answers = true),
	COMMAND("readv", MEMRW_IOC_READV, memrw_batch, fill_batch, .answers = true),
	COMMAND("writev", MEMRW_IOC_WRITEV, memrw_batch, fill_batch, .answers = true),
	COMMAND("atomic", MEMRW_IOC_ATOMIC, memrw_atomic, fill_atomic, .answers = true),
	COMMAND("query_region", MEMRW_IOC_QUERY_REGION, memrw_query_region, fill_query_region,
		.answers = true),
	COMMAND("watch", MEMRW_IOC_WATCH, memrw_set_watch, fill_set_watch, .opens = true,
		.flags = MEMRW_WATCH_STOP),
	COMMAND("sync_window", MEMRW_IOC_SYNC_WINDOW, memrw_sync_window, fill_sync_window,
		.answers = true),
};

/* 0, or -errno; a descriptor is closed. */
static int run(const struct command *command, const struct fixture *fixture, void *arguments)
{
	int result = ioctl(fixture->session, command->number, arguments);

	if (result < 0 && errno == EOPNOTSUPP)
		skip_because("this processor's driver has no %s", command->name);
	if (result < 0)
		return -errno;
	if (!command->opens)
		return result;
	close(result);
	return 0;
}

/* A session bound to a target, and arguments that the command accepts. */
static void prepare(const struct command *command, struct fixture *fixture,
		    union arguments *arguments)
{
	memset(fixture, 0, sizeof(*fixture));
	fixture->target = worker_start(ROOT);
	fixture->address = memory_map_pattern(fixture->target, PAGE, 1);
	fixture->session = session_open_bound(worker_pid(fixture->target));
	memset(arguments, 0, sizeof(*arguments));
	arguments->size = command->size;
	command->fill(arguments, fixture);
}

static void takes_what_is_valid(void **state)
{
	const struct command *command = *state;
	union arguments arguments;
	struct fixture fixture;

	prepare(command, &fixture, &arguments);
	assert_int_equal(run(command, &fixture, &arguments), 0);
}

static void refuses_size_zero(void **state)
{
	const struct command *command = *state;
	union arguments arguments;
	struct fixture fixture;

	prepare(command, &fixture, &arguments);
	arguments.size = 0;
	assert_int_equal(run(command, &fixture, &arguments), -EINVAL);
}

static void refuses_size_one_byte_short(void **state)
{
	const struct command *command = *state;
	union arguments arguments;
	struct fixture fixture;

	prepare(command, &fixture, &arguments);
	arguments.size = command->size - 1;
	assert_int_equal(run(command, &fixture, &arguments), -EINVAL);
}

static void takes_larger_size_with_zero_tail(void **state)
{
	const struct command *command = *state;
	union arguments arguments;
	struct fixture fixture;

	prepare(command, &fixture, &arguments);
	arguments.size = command->size + TAIL;
	assert_int_equal(run(command, &fixture, &arguments), 0);
	for (size_t i = 0; i < TAIL; i++)
		assert_int_equal(arguments.bytes[command->size + i], 0);
}

static void refuses_larger_size_with_nonzero_tail(void **state)
{
	const struct command *command = *state;
	union arguments arguments;
	struct fixture fixture;

	prepare(command, &fixture, &arguments);
	arguments.size = command->size + TAIL;
	arguments.bytes[command->size + TAIL - 1] = 1;
	assert_int_equal(run(command, &fixture, &arguments), -E2BIG);
}

static void refuses_unknown_flag(void **state)
{
	const struct command *command = *state;
	union arguments arguments;
	struct fixture fixture;

	for (unsigned int bit = 2; bit < 32; bit++) {
		if (command->flags & 1U << bit)
			continue;
		prepare(command, &fixture, &arguments);
		arguments.flags = 1U << bit;
		assert_int_equal(run(command, &fixture, &arguments), -EINVAL);
	}
}

static void refuses_null_struct(void **state)
{
	const struct command *command = *state;
	union arguments arguments;
	struct fixture fixture;

	prepare(command, &fixture, &arguments);
	assert_int_equal(run(command, &fixture, NULL), -EFAULT);
}

static uint8_t *page_before_hole(void)
{
	uint8_t *pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			      -1, 0);

	assert_ptr_not_equal(pages, MAP_FAILED);
	munmap(pages + PAGE, PAGE);
	return pages;
}

static void refuses_struct_half_mapped(void **state)
{
	const struct command *command = *state;
	uint8_t *page = page_before_hole();
	union arguments arguments;
	struct fixture fixture;

	prepare(command, &fixture, &arguments);
	memcpy(page + PAGE - 8, &arguments, 8);
	assert_int_equal(run(command, &fixture, page + PAGE - 8), -EFAULT);
	munmap(page, PAGE);
}

static int send_read_only_struct(const struct command *command)
{
	uint8_t *page = page_before_hole();
	union arguments arguments;
	struct fixture fixture;
	int result;

	prepare(command, &fixture, &arguments);
	memcpy(page, &arguments, sizeof(arguments));
	mprotect(page, PAGE, PROT_READ);
	result = run(command, &fixture, page);
	munmap(page, PAGE);
	return result;
}

static void refuses_read_only_struct(void **state)
{
	assert_int_equal(send_read_only_struct(*state), -EFAULT);
}

/* It has no more to tell than that it worked, and that is true. */
static void takes_read_only_struct(void **state)
{
	assert_int_equal(send_read_only_struct(*state), 0);
}

static void add_shared_tests(struct test_list *list, struct command *command)
{
	const char *name = command->name;

	test_list_add(list, takes_what_is_valid, command, "%s_takes_what_is_valid", name);
	test_list_add(list, refuses_size_zero, command, "%s_refuses_size_zero", name);
	test_list_add(list, refuses_size_one_byte_short, command, "%s_refuses_size_one_byte_short",
		      name);
	test_list_add(list, takes_larger_size_with_zero_tail, command,
		      "%s_takes_larger_size_with_zero_tail", name);
	test_list_add(list, refuses_larger_size_with_nonzero_tail, command,
		      "%s_refuses_larger_size_with_nonzero_tail", name);
	test_list_add(list, refuses_unknown_flag, command, "%s_refuses_unknown_flag", name);
	test_list_add(list, refuses_null_struct, command, "%s_refuses_null_struct", name);
	test_list_add(list, refuses_struct_half_mapped, command, "%s_refuses_struct_half_mapped",
		      name);
	if (command->answers)
		test_list_add(list, refuses_read_only_struct, command,
			      "%s_refuses_read_only_struct", name);
	else
		test_list_add(list, takes_read_only_struct, command, "%s_takes_read_only_struct",
			      name);
}

static void get_info_refuses_transfer_flags(void **state)
{
	struct memrw_info info = { .size = sizeof(info), .flags = MEMRW_FORCE };

	(void)state;
	assert_int_equal(session_command(session_open(O_RDWR), MEMRW_IOC_GET_INFO, &info), -EINVAL);
}

static void get_target_refuses_transfer_flags(void **state)
{
	struct worker *target = worker_start(ROOT);
	struct memrw_get_target get = { .size = sizeof(get), .flags = MEMRW_FORCE };

	(void)state;
	assert_int_equal(session_command(session_open_bound(worker_pid(target)),
					 MEMRW_IOC_GET_TARGET, &get), -EINVAL);
}

static void query_region_refuses_transfer_flags(void **state)
{
	struct worker *target = worker_start(ROOT);
	struct memrw_query_region region = { .size = sizeof(region), .flags = MEMRW_FORCE };

	(void)state;
	assert_int_equal(session_command(session_open_bound(worker_pid(target)),
					 MEMRW_IOC_QUERY_REGION, &region), -EINVAL);
}

static void set_target_refuses_nonzero_reserved(void **state)
{
	struct worker *target = worker_start(ROOT);
	struct memrw_set_target set = { .size = sizeof(set), .pid = worker_pid(target),
					.reserved = 1 };

	(void)state;
	assert_int_equal(session_command(session_open(O_RDWR), MEMRW_IOC_SET_TARGET, &set),
			 -EINVAL);
}

static void get_target_refuses_nonzero_reserved(void **state)
{
	struct worker *target = worker_start(ROOT);
	struct memrw_get_target get = { .size = sizeof(get), .reserved = 1 };

	(void)state;
	assert_int_equal(session_command(session_open_bound(worker_pid(target)),
					 MEMRW_IOC_GET_TARGET, &get), -EINVAL);
}

/*
 * A pointer to the struct that cannot be written to: the memory is not touched.
 */
static void assert_touches_nothing(unsigned long number, size_t size,
				   void (*fill)(union arguments *arguments,
						struct fixture *fixture))
{
	struct command command = { .number = number, .size = size, .fill = fill };
	uint8_t *page = page_before_hole();
	union arguments arguments;
	struct fixture fixture;

	prepare(&command, &fixture, &arguments);
	if (number == MEMRW_IOC_ATOMIC) {
		arguments.atomic.op = MEMRW_ATOMIC_EXCHANGE;
		arguments.atomic.expected = 0;
	}
	memcpy(page, &arguments, sizeof(arguments));
	mprotect(page, PAGE, PROT_READ);
	assert_int_equal(session_command(fixture.session, number, page), -EFAULT);
	assert_true(memory_matches(fixture.target, fixture.address, PAGE, 1));
	munmap(page, PAGE);
}

static void writev_with_a_read_only_struct_writes_nothing(void **state)
{
	(void)state;
	assert_touches_nothing(MEMRW_IOC_WRITEV, sizeof(struct memrw_batch), fill_batch);
}

static void atomic_with_a_read_only_struct_changes_nothing(void **state)
{
	(void)state;
	assert_touches_nothing(MEMRW_IOC_ATOMIC, sizeof(struct memrw_atomic), fill_atomic);
}

/* They do not grow behind a program's back. */
static void the_structs_have_the_size_of_their_first_version(void **state)
{
	(void)state;
	assert_int_equal(sizeof(struct memrw_segment), 32);
	assert_int_equal(sizeof(struct memrw_batch), 24);
	assert_int_equal(sizeof(struct memrw_atomic), 48);
	assert_int_equal(sizeof(struct memrw_set_watch), 72);
	assert_int_equal(sizeof(struct memrw_watch_hit), 512);
}

static void out_fields_are_not_looked_at(void **state)
{
	struct worker *target = worker_start(ROOT);
	int fd = session_open_bound(worker_pid(target));
	struct memrw_info info;
	struct memrw_get_target get;
	struct memrw_transfer transfer;
	struct memrw_batch batch;
	struct memrw_query_region region;

	(void)state;
	memset(&info, 0xff, sizeof(info));
	info.size = sizeof(info);
	info.flags = 0;
	assert_int_equal(session_command(fd, MEMRW_IOC_GET_INFO, &info), 0);

	memset(&get, 0xff, sizeof(get));
	get.size = sizeof(get);
	get.flags = get.reserved = 0;
	assert_int_equal(session_command(fd, MEMRW_IOC_GET_TARGET, &get), 0);

	memset(&transfer, 0, sizeof(transfer));
	transfer.size = sizeof(transfer);
	transfer.done = ~0ULL;
	assert_int_equal(session_command(fd, MEMRW_IOC_READ, &transfer), 0);
	assert_int_equal(transfer.done, 0);

	memset(&batch, 0, sizeof(batch));
	batch.size = sizeof(batch);
	batch.done = ~0U;
	assert_int_equal(session_command(fd, MEMRW_IOC_READV, &batch), 0);
	assert_int_equal(batch.done, 0);

	memset(&region, 0xff, sizeof(region));
	region.size = sizeof(region);
	region.flags = region.address = region.name = region.name_size = 0;
	assert_int_equal(session_command(fd, MEMRW_IOC_QUERY_REGION, &region), 0);
}

static void unknown_numbers_are_enotty(void **state)
{
	int fd = session_open(O_RDWR);
	uint8_t page[256] = { 64 };

	(void)state;
	for (unsigned int number = 0; number < 256; number++) {
		if (number <= 10)
			continue;
		assert_int_equal(session_command(fd, _IO(MEMRW_IOC_TYPE, number), page), -ENOTTY);
	}
}

static void another_type_is_enotty(void **state)
{
	struct memrw_info info = { .size = sizeof(info) };

	(void)state;
	assert_int_equal(session_command(session_open(O_RDWR), _IO(MEMRW_IOC_TYPE + 1, 0), &info),
			 -ENOTTY);
}

static void a_number_with_a_size_encoded_is_enotty(void **state)
{
	struct memrw_info info = { .size = sizeof(info) };

	(void)state;
	assert_int_equal(session_command(session_open(O_RDWR),
					 _IOWR(MEMRW_IOC_TYPE, 0, struct memrw_info), &info),
			 -ENOTTY);
}

int main(void)
{
	static const struct CMUnitTest own[] = {
		behaviour(get_info_refuses_transfer_flags),
		behaviour(get_target_refuses_transfer_flags),
		behaviour(query_region_refuses_transfer_flags),
		behaviour(set_target_refuses_nonzero_reserved),
		behaviour(get_target_refuses_nonzero_reserved),
		behaviour(writev_with_a_read_only_struct_writes_nothing),
		behaviour(atomic_with_a_read_only_struct_changes_nothing),
		behaviour(the_structs_have_the_size_of_their_first_version),
		behaviour(out_fields_are_not_looked_at),
		behaviour(unknown_numbers_are_enotty),
		behaviour(another_type_is_enotty),
		behaviour(a_number_with_a_size_encoded_is_enotty),
	};
	struct test_list list = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		add_shared_tests(&list, &commands[i]);
	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		test_list_add(&list, own[i].test_func, NULL, "%s", own[i].name);
	return test_list_run(&list);
}

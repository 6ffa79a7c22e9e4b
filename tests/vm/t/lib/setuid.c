// SPDX-License-Identifier: GPL-2.0-only
#include "lib/setuid.h"

#include <endian.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/session.h"
#include "lib/test.h"

/* A directory where such a program works, and that all may enter. */
static const char *directory(void)
{
	static const char * const candidates[] = { "/tmp", "/var/tmp", "/run", "/usr/bin" };
	struct statvfs fs;

	for (size_t i = 0; i < ARRAY_SIZE(candidates); i++) {
		if (!statvfs(candidates[i], &fs) && !(fs.f_flag & (ST_NOSUID | ST_NOEXEC)))
			return candidates[i];
	}
	fail_msg("no directory where a setuid program can be");
	return NULL;
}

static void copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	struct stat st;

	assert_return_code(in, errno);
	assert_return_code(out, errno);
	assert_return_code(fstat(in, &st), errno);
	assert_int_equal(sendfile(out, in, NULL, st.st_size), st.st_size);
	close(in);
	close(out);
}

/* Those that the file system keeps: what execve(2) gives who runs the file. */
static int set_file_capabilities(const char *path, uint64_t permitted, uint64_t inheritable)
{
	struct vfs_cap_data data = {
		.magic_etc = htole32(VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE),
		.data = {
			{ htole32(permitted), htole32(inheritable) },
			{ htole32(permitted >> 32), htole32(inheritable >> 32) },
		},
	};

	if (setxattr(path, "security.capability", &data, XATTR_CAPS_SZ_2, 0) < 0)
		return -errno;
	return 0;
}

int program_make(const struct program *program, char *path, size_t size)
{
	snprintf(path, size, "%s/memrw-%s", directory(), program->name);
	/* Afresh each time: one that runs cannot be written to. */
	unlink(path);
	copy_file(helper_path(program->helper ? program->helper : "idle"), path);
	assert_return_code(chown(path, program->uid, program->gid), errno);
	assert_return_code(chmod(path, program->mode), errno);
	if (!program->permitted && !program->inheritable)
		return 0;
	return set_file_capabilities(path, program->permitted, program->inheritable);
}

void setuid_program(char *path, size_t size)
{
	const struct program program = { .name = "setuid", .mode = 04755 };

	assert_int_equal(program_make(&program, path, size), 0);
}

static bool has_root_rights(void *arg)
{
	char path[64], *uids;
	static char text[4096];
	int uid = -1, effective_uid = -1;

	snprintf(path, sizeof(path), "/proc/%d/status", worker_pid(arg));
	if (file_read(path, text, sizeof(text)) < 0)
		return false;
	uids = strstr(text, "\nUid:");
	if (!uids || sscanf(uids, "\nUid: %d %d", &uid, &effective_uid) != 2)
		return false;
	return effective_uid == 0;
}

void setuid_exec(struct worker *worker, const char *path)
{
	worker_exec(worker, path);
	assert_true(eventually(has_root_rights, worker, 5000));
}

struct idler {
	pid_t pid;
	char comm[16];
};

/* It has the new program's name, and sleeps: execve(2) has done all it does. */
static bool idles(void *arg)
{
	const struct idler *idler = arg;
	char path[64], text[256], *end;

	snprintf(path, sizeof(path), "/proc/%d/stat", idler->pid);
	if (file_read(path, text, sizeof(text)) < 0)
		return false;
	end = strrchr(text, ')');
	return end && end[2] == 'S' && strstr(text, idler->comm);
}

void program_exec(struct worker *worker, const char *path)
{
	struct idler idler = { .pid = worker_pid(worker) };

	snprintf(idler.comm, sizeof(idler.comm), "%s", strrchr(path, '/') + 1);
	worker_exec(worker, path);
	assert_true(eventually(idles, &idler, 5000));
}

long member_bind(void *arg)
{
	const struct member_request *request = arg;

	return session_bind(request->session, request->pid);
}

long member_read(void *arg)
{
	const struct member_request *request = arg;
	uint64_t word;

	return session_read(request->session, request->address, &word, sizeof(word), 0);
}

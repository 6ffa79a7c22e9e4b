// SPDX-License-Identifier: LGPL-2.1-or-later
/* Membership of a group: what a process has, and what its next login gets. */
#include "group.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

static bool contains(const gid_t *groups, int count, gid_t gid)
{
	while (count-- > 0)
		if (groups[count] == gid)
			return true;
	return false;
}

bool mrw_group_has_process(gid_t gid)
{
	int count = getgroups(0, NULL);
	gid_t *groups;
	bool found;

	if (getegid() == gid)
		return true;
	if (count <= 0)
		return false;

	groups = calloc(count, sizeof(*groups));
	if (!groups)
		return false;
	found = contains(groups, getgroups(count, groups), gid);
	free(groups);
	return found;
}

static bool user_has_group(const struct passwd *user, gid_t gid)
{
	int count = 0;
	gid_t *groups;
	bool found;

	getgrouplist(user->pw_name, user->pw_gid, NULL, &count);
	groups = calloc(count, sizeof(*groups));
	if (!groups)
		return false;
	found = getgrouplist(user->pw_name, user->pw_gid, groups, &count) >= 0 &&
		contains(groups, count, gid);
	free(groups);
	return found;
}

bool mrw_group_has_user(gid_t gid)
{
	struct passwd entry, *user = NULL;
	char *buffer = NULL, *larger;
	size_t size = 1024;
	bool found;
	int err;

	/* Not getpwuid(), which is for one thread at a time. */
	do {
		size *= 2;
		larger = realloc(buffer, size);
		if (!larger)
			break;
		buffer = larger;
		err = getpwuid_r(getuid(), &entry, buffer, size, &user);
	} while (err == ERANGE);

	found = user && user_has_group(user, gid);
	free(buffer);
	return found;
}

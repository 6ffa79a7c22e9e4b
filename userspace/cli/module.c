// SPDX-License-Identifier: GPL-2.0-only

#include <dirent.h>
#include <libkmod.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "module.h"

#define NAME	"memrw"
#define DKMS	"/var/lib/dkms/" NAME

__attribute__((format(printf, 1, 2)))
static bool exists(const char *format, ...)
{
	va_list arguments;
	char path[512];

	va_start(arguments, format);
	vsnprintf(path, sizeof(path), format, arguments);
	va_end(arguments);
	return access(path, F_OK) == 0;
}

static void read_line(const char *path, char *line, size_t size)
{
	FILE *file = fopen(path, "re");

	line[0] = '\0';
	if (!file)
		return;
	if (fgets(line, size, file))
		line[strcspn(line, "\n")] = '\0';
	fclose(file);
}

/*
 * What modprobe(8) would load
 */

static void read_version(struct kmod_module *module, char *version, size_t size)
{
	struct kmod_list *info = NULL, *item;

	if (kmod_module_get_info(module, &info) < 0)
		return;
	kmod_list_foreach(item, info) {
		if (strcmp(kmod_module_info_get_key(item), "version") == 0)
			snprintf(version, size, "%s", kmod_module_info_get_value(item));
	}
	kmod_module_info_free_list(info);
}

static void find_installed(struct module *module, const char *modules)
{
	struct kmod_ctx *kmod = kmod_new(modules, NULL);
	struct kmod_list *list = NULL;
	struct kmod_module *found;

	if (!kmod)
		return;
	/* That there are no modules at all is for the user to be told by us. */
	kmod_set_log_priority(kmod, 0);
	if (kmod_module_new_from_lookup(kmod, NAME, &list) == 0 && list) {
		found = kmod_module_get_module(list);
		read_version(found, module->installed, sizeof(module->installed));
		kmod_module_unref(found);
	}
	kmod_module_unref_list(list);
	kmod_unref(kmod);
}

/*
 * What DKMS has
 */

static void find_source(struct module *module, const char *root)
{
	struct dirent *entry;
	char path[256];
	DIR *dir;

	snprintf(path, sizeof(path), "%s" DKMS, root);
	dir = opendir(path);
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		if (exists("%s/%s/source/dkms.conf", path, entry->d_name) &&
		    strlen(entry->d_name) < sizeof(module->source) &&
		    strverscmp(entry->d_name, module->source) > 0)
			strcpy(module->source, entry->d_name);
	}
	closedir(dir);
}

/* DKMS has one log, which begins with the kernel that was built for. */
static bool log_is_for(const char *path, const char *release)
{
	char line[256], wanted[80];

	read_line(path, line, sizeof(line));
	snprintf(wanted, sizeof(wanted), " kernel %s ", release);
	return strstr(line, wanted);
}

static void find_build_log(struct module *module, const char *root)
{
	char path[sizeof(module->build_log)];

	/* Where Debian's package keeps one for each kernel. */
	snprintf(path, sizeof(path), "%s/var/log/memrw-dkms/%s.log", root, module->release);
	if (!exists("%s", path)) {
		snprintf(path, sizeof(path), "%s" DKMS "/%s/build/make.log", root, module->source);
		if (!log_is_for(path, module->release))
			return;
	}
	snprintf(module->build_log, sizeof(module->build_log), "%s", path);
}

void module_find(struct module *module, const char *root, const char *release)
{
	char path[256];

	*module = (struct module){ 0 };
	snprintf(module->release, sizeof(module->release), "%s", release);
	module->has_apt = exists("%s/usr/bin/apt", root);

	snprintf(path, sizeof(path), "%s/sys/module/" NAME "/version", root);
	read_line(path, module->loaded, sizeof(module->loaded));

	snprintf(path, sizeof(path), "%s/lib/modules/%s", root, module->release);
	module->has_kernel = exists("%s", path);
	module->has_headers = exists("%s/build/include", path);
	find_installed(module, path);
	find_source(module, root);
	if (module->source[0] != '\0' && module->installed[0] == '\0')
		find_build_log(module, root);
}

void module_find_here(struct module *module)
{
	struct utsname host = { .release = "" };

	uname(&host);
	module_find(module, "", host.release);
}

bool module_is_outdated(const struct module *module)
{
	return module->loaded[0] != '\0' && module->installed[0] != '\0' &&
	       strcmp(module->loaded, module->installed) != 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/memrw: the file operations and the table of ioctls.
 *
 * Here, and nowhere deeper, are files, user structs and descriptors known.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/nospec.h>
#include <linux/pagemap.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "atomic.h"
#include "batch.h"
#include "compat.h"
#include "device.h"
#include "policy.h"
#include "region.h"
#include "session.h"
#include "target.h"
#include "trace.h"
#include "transfer.h"
#include "watch.h"
#include "window.h"

#define TRANSFER_FLAGS	(MEMRW_FORCE | MEMRW_NO_POPULATE)
#define WATCH_FLAGS	(MEMRW_WATCH_CHANGED | MEMRW_WATCH_ONCE_PER_IP | \
			 MEMRW_WATCH_STOP | MEMRW_WATCH_SIGNED)

static int memrw_open(struct inode *inode, struct file *file)
{
	struct memrw_session *session = memrw_session_create(inode);

	if (!session)
		return -ENOMEM;
	/* An address is the offset, and has all its bits, as in /proc/PID/mem. */
	file->f_mode |= COMPAT_UNSIGNED_OFFSET_FMODE;
	/* io_uring asks first for what needs no waiting, and then only for the rest. */
	file->f_mode |= FMODE_NOWAIT;
	file->f_mapping = memrw_session_windows(session);
	file->private_data = session;
	return 0;
}

static int memrw_release(struct inode *inode, struct file *file)
{
	memrw_session_destroy(file->private_data);
	return 0;
}

static loff_t memrw_llseek(struct file *file, loff_t offset, int whence)
{
	switch (whence) {
	case SEEK_SET:
		break;
	case SEEK_CUR:
		offset += file->f_pos;
		break;
	default:
		return -EINVAL;
	}
	file->f_pos = offset;
	/* Some architectures take a high address for an error otherwise. */
	force_successful_syscall_return();
	return offset;
}

/* One transfer through a session, for every way to ask for one by a pointer. */
static ssize_t session_transfer(struct file *file, u64 address, void __user *buffer,
				size_t length, bool write, u32 flags)
{
	struct mm_struct *mm;
	u32 default_flags;
	ssize_t done;

	mm = memrw_session_get_mm(file->private_data, &default_flags);
	if (IS_ERR(mm)) {
		done = PTR_ERR(mm);
	} else {
		done = memrw_transfer(mm, address, buffer, length, write,
				      flags | default_flags);
		mmput(mm);
	}
	trace_memrw_transfer(write, address, length, done);
	return done;
}

static ssize_t memrw_read(struct file *file, char __user *buffer, size_t length, loff_t *address)
{
	ssize_t done = session_transfer(file, *address, buffer, length, false, 0);

	if (done > 0)
		*address += done;
	return done;
}

static ssize_t memrw_write(struct file *file, const char __user *buffer, size_t length,
			   loff_t *address)
{
	ssize_t done = session_transfer(file, *address, (void __user *)buffer, length, true,
					0);

	if (done > 0)
		*address += done;
	return done;
}

/*
 * What a flag of preadv2(2) or of an io_uring asks for in vain here.  Given to
 * open(2), O_APPEND and O_SYNC are passed over as those of any device.
 */
static bool makes_no_sense(const struct kiocb *iocb)
{
	int refused = IOCB_APPEND | IOCB_DSYNC | IOCB_SYNC | IOCB_HIPRI;

	return iocb->ki_flags & refused & ~compat_file_iocb_flags(iocb->ki_filp);
}

/* preadv(2), io_uring and the like.  For both: the iterator has the direction. */
static ssize_t memrw_rw_iter(struct kiocb *iocb, struct iov_iter *iter)
{
	bool write = iov_iter_rw(iter) == ITER_SOURCE;
	size_t length = iov_iter_count(iter);
	struct mm_struct *mm;
	u32 default_flags;
	ssize_t done;

	if (makes_no_sense(iocb))
		return -EOPNOTSUPP;
	mm = memrw_session_get_mm(iocb->ki_filp->private_data, &default_flags);
	if (IS_ERR(mm)) {
		done = PTR_ERR(mm);
	} else {
		done = memrw_transfer_iter(mm, iocb->ki_pos, iter,
					   iocb->ki_flags & IOCB_NOWAIT, default_flags);
		mmput(mm);
	}
	trace_memrw_transfer(write, iocb->ki_pos, length, done);
	if (done > 0)
		iocb->ki_pos += done;
	return done;
}

/* A window.  What it may be mapped for, the kernel has judged by the file's mode. */
static int memrw_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct mm_struct *mm;
	u32 flags;
	int err;

	/* A private one would be of copies, which no other process sees. */
	if (!(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	mm = memrw_session_grab_mm(file->private_data, &flags);
	if (IS_ERR(mm))
		return PTR_ERR(mm);
	err = memrw_window_map(vma, mm, flags);
	mmdrop(mm);
	return err;
}

/* Of this driver in this kernel. */
static u64 features(void)
{
	return MEMRW_FEATURE_FORCE | MEMRW_FEATURE_NO_POPULATE | MEMRW_FEATURE_REGION |
	       MEMRW_FEATURE_BATCH | MEMRW_FEATURE_ATOMIC | MEMRW_FEATURE_WINDOW |
	       (IS_ENABLED(CONFIG_X86_64) ? MEMRW_FEATURE_WATCH : 0) |
	       (FOLL_INTERRUPTIBLE ? MEMRW_FEATURE_INTERRUPTIBLE : 0) |
	       (IS_ENABLED(CONFIG_ANON_VMA_NAME) ? MEMRW_FEATURE_ANON_NAME : 0);
}

static long get_info(struct file *file, void *arg, void __user *uarg)
{
	struct memrw_info *info = arg;

	info->abi_version = MEMRW_ABI_VERSION;
	info->access = memrw_policy_access();
	info->features = features();
	info->transfer_max = MAX_RW_COUNT;
	info->page_size = PAGE_SIZE;
	info->name_max = MEMRW_REGION_NAME_MAX;
	strscpy_pad(info->version, MEMRW_VERSION, sizeof(info->version));
	return 0;
}

static int bind_or_unbind(struct memrw_session *session, const struct memrw_set_target *set)
{
	if (set->reserved || set->pid < 0)
		return -EINVAL;
	if (set->pid)
		return memrw_session_bind(session, set->pid, set->flags);
	if (set->flags)
		return -EINVAL;
	memrw_session_unbind(session);
	return 0;
}

static long set_target(struct file *file, void *arg, void __user *uarg)
{
	const struct memrw_set_target *set = arg;
	int err = bind_or_unbind(file->private_data, set);

	trace_memrw_set_target(set->pid, from_kuid(&init_user_ns, current_uid()), err);
	return err;
}

static long get_target(struct file *file, void *arg, void __user *uarg)
{
	struct memrw_get_target *target = arg;

	if (target->reserved)
		return -EINVAL;
	return memrw_session_describe(file->private_data, target);
}

static bool is_open_for(const struct file *file, fmode_t mode)
{
	return (file->f_mode & mode) == mode;
}

/*
 * The struct is written to before the memory is, so that a bad pointer is
 * found while nothing has been moved yet; and so a failure leaves done at 0.
 */
static long transfer(struct file *file, struct memrw_transfer *arg,
		     struct memrw_transfer __user *uarg, bool write)
{
	ssize_t done;

	if (!is_open_for(file, write ? FMODE_WRITE : FMODE_READ))
		return -EACCES;
	if (put_user(0, &uarg->done))
		return -EFAULT;
	done = session_transfer(file, arg->address, u64_to_user_ptr(arg->buffer),
				arg->length, write, arg->flags);
	if (done < 0)
		return done;
	arg->done = done;
	return 0;
}

static long read_memory(struct file *file, void *arg, void __user *uarg)
{
	return transfer(file, arg, uarg, false);
}

static long write_memory(struct file *file, void *arg, void __user *uarg)
{
	return transfer(file, arg, uarg, true);
}

static long batch(struct file *file, struct memrw_batch *arg,
		  struct memrw_batch __user *uarg, bool write)
{
	struct mm_struct *mm;
	u32 default_flags;
	ssize_t done;

	if (!is_open_for(file, write ? FMODE_WRITE : FMODE_READ))
		return -EACCES;
	if (put_user(0, &uarg->done))
		return -EFAULT;
	mm = memrw_session_get_mm(file->private_data, &default_flags);
	if (IS_ERR(mm)) {
		done = PTR_ERR(mm);
	} else {
		done = memrw_batch(mm, u64_to_user_ptr(arg->segments), arg->count, write,
				   arg->flags | default_flags);
		mmput(mm);
	}
	trace_memrw_batch(write, arg->count, done);
	if (done < 0)
		return done;
	arg->done = done;
	return 0;
}

static long read_batch(struct file *file, void *arg, void __user *uarg)
{
	return batch(file, arg, uarg, false);
}

static long write_batch(struct file *file, void *arg, void __user *uarg)
{
	return batch(file, arg, uarg, true);
}

static fmode_t mode_for_atomic(const struct memrw_atomic *atomic)
{
	switch (atomic->op) {
	case MEMRW_ATOMIC_LOAD:
		return FMODE_READ;
	case MEMRW_ATOMIC_STORE:
		return FMODE_WRITE;
	default:
		return FMODE_READ | FMODE_WRITE;
	}
}

/* As with a transfer, a bad pointer is found before the memory is touched. */
static long atomic(struct file *file, void *arg, void __user *uarg)
{
	struct memrw_atomic __user *user = uarg;
	struct memrw_atomic *atomic = arg;
	struct mm_struct *mm;
	u32 default_flags;
	int err;

	if (!is_open_for(file, mode_for_atomic(atomic)))
		return -EACCES;
	if (put_user(0, &user->old))
		return -EFAULT;
	mm = memrw_session_get_mm(file->private_data, &default_flags);
	if (IS_ERR(mm)) {
		err = PTR_ERR(mm);
	} else {
		err = memrw_atomic_run(mm, atomic, atomic->flags | default_flags);
		mmput(mm);
	}
	trace_memrw_atomic(atomic->op, atomic->address, atomic->width, err);
	return err;
}

/* As much of the name as the caller has room for, always with a NUL. */
static int copy_name(struct memrw_query_region *region, const char *name)
{
	char __user *to = u64_to_user_ptr(region->name);
	u32 room = region->name_size;
	u32 length = strlen(name);
	u32 copied = min(length, room - 1);

	region->name_size = length ? length + 1 : 0;
	if (!to || !room)
		return 0;
	if (copy_to_user(to, name, copied) || put_user('\0', to + copied))
		return -EFAULT;
	return 0;
}

static int describe_region(struct mm_struct *mm, struct memrw_query_region *region)
{
	char *buffer = kmalloc(MEMRW_REGION_NAME_MAX, GFP_KERNEL);
	const char *name;
	int err;

	if (!buffer)
		return -ENOMEM;
	err = memrw_region_query(mm, region->address, region, buffer, &name);
	if (!err)
		err = copy_name(region, name);
	kfree(buffer);
	return err;
}

static long query_region(struct file *file, void *arg, void __user *uarg)
{
	struct memrw_query_region *in = arg;
	struct memrw_query_region region = {
		.size = in->size,
		.address = in->address,
		.name = in->name,
		.name_size = in->name_size,
	};
	struct mm_struct *mm;
	u32 flags;
	int err;

	mm = memrw_session_get_mm(file->private_data, &flags);
	if (IS_ERR(mm))
		return PTR_ERR(mm);
	err = describe_region(mm, &region);
	mmput(mm);
	*in = region;
	return err;
}

/* The window of @file's that is in the caller's memory there, and where in the target. */
static struct memrw_window *find_window(struct file *file, const struct memrw_sync_window *sync,
					unsigned long *first)
{
	struct memrw_window *window = NULL;
	struct vm_area_struct *vma;

	if (mmap_read_lock_killable(current->mm))
		return ERR_PTR(-EINTR);
	vma = vma_lookup(current->mm, sync->address);
	if (vma && vma->vm_file == file && vma->vm_end - sync->address >= sync->length) {
		window = memrw_window_of(vma);
		*first = linear_page_index(vma, sync->address);
	}
	mmap_read_unlock(current->mm);
	return window ?: ERR_PTR(-EINVAL);
}

/* A word of the bitmap after another. */
static int sync_pages(struct memrw_window *window, struct address_space *mapping,
		      unsigned long first, struct memrw_sync_window *sync)
{
	u64 __user *bitmap = u64_to_user_ptr(sync->bitmap);
	unsigned long nr = sync->length >> PAGE_SHIFT;
	unsigned long done;
	u64 stale;
	int err;

	for (done = 0; done < nr; done += 64) {
		err = memrw_window_sync(window, mapping, first + done,
					min(nr - done, 64UL), &stale);
		if (err)
			return err;
		sync->stale += hweight64(stale);
		if (bitmap && put_user(stale, bitmap++))
			return -EFAULT;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

static long sync_window(struct file *file, void *arg, void __user *uarg)
{
	struct memrw_sync_window *sync = arg;
	struct memrw_window *window;
	unsigned long first;
	int err;

	if (offset_in_page(sync->address) || offset_in_page(sync->length) || !sync->length)
		return -EINVAL;
	window = find_window(file, sync, &first);
	if (IS_ERR(window))
		return PTR_ERR(window);
	sync->stale = 0;
	err = sync_pages(window, sync->flags & MEMRW_SYNC_KEEP ? NULL : file->f_mapping,
			 first, sync);
	memrw_window_put(window);
	return err;
}

/* What is there now.  Memory that is not there is no error; a target that is gone is. */
static int read_watched(struct memrw_target *target, const struct memrw_set_watch *set,
			u64 *value)
{
	struct memrw_atomic load = {
		.address = set->address,
		.op = MEMRW_ATOMIC_LOAD,
		.width = set->length,
	};
	struct mm_struct *mm;
	u32 flags;
	int err;

	*value = 0;
	rcu_read_lock();
	mm = memrw_target_get_mm(target);
	flags = memrw_target_transfer_flags(target);
	rcu_read_unlock();
	if (IS_ERR(mm))
		return PTR_ERR(mm);
	err = memrw_atomic_run(mm, &load, flags | MEMRW_NO_POPULATE);
	mmput(mm);
	if (!err)
		*value = load.old;
	return err == -EIO ? 0 : err;
}

static fmode_t mode_for_watch(const struct memrw_set_watch *set)
{
	return set->flags & MEMRW_WATCH_STOP ? FMODE_READ | FMODE_WRITE : FMODE_READ;
}

static int open_watch(struct file *file, const struct memrw_set_watch *set)
{
	struct memrw_target *target;
	struct memrw_watch *watch;
	u64 value;
	int fd;

	if (!is_open_for(file, mode_for_watch(set)))
		return -EACCES;
	target = memrw_session_get_target(file->private_data);
	if (IS_ERR(target))
		return PTR_ERR(target);
	watch = memrw_watch_create(target, set);
	if (IS_ERR(watch)) {
		memrw_target_put(target);
		return PTR_ERR(watch);
	}
	fd = read_watched(target, set, &value);
	if (!fd)
		fd = memrw_watch_open(watch, value);
	if (fd < 0)
		memrw_watch_destroy(watch);
	return fd;
}

static long watch(struct file *file, void *arg, void __user *uarg)
{
	const struct memrw_set_watch *set = arg;
	int fd = open_watch(file, set);

	trace_memrw_watch(set->type, set->address, set->length, fd);
	return fd;
}

/*
 * @run gets a kernel copy of the caller's struct, which is copied back when it
 * returns 0 if there is anything to tell in it, and the pointer to the caller's
 * own.
 */
struct ioctl_op {
	unsigned int command;
	size_t size;		/* of this driver's struct */
	size_t size_v1;		/* of the first version of it: no caller's is smaller */
	u32 flags;		/* that the command knows */
	bool answers;		/* has fields to copy back: a copy that can fail */
	long (*run)(struct file *file, void *arg, void __user *uarg);
};

#define IOCTL_OP(_command, _struct, _last_of_v1, _flags, _answers, _run)	\
	[_IOC_NR(_command)] = {						\
		.command = _command,					\
		.size = sizeof(struct _struct),				\
		.size_v1 = offsetofend(struct _struct, _last_of_v1),	\
		.flags = _flags,					\
		.answers = _answers,					\
		.run = _run,						\
	}

static const struct ioctl_op ioctl_ops[] = {
	IOCTL_OP(MEMRW_IOC_GET_INFO, memrw_info, version, 0, true, get_info),
	IOCTL_OP(MEMRW_IOC_SET_TARGET, memrw_set_target, reserved, TRANSFER_FLAGS, false,
		 set_target),
	IOCTL_OP(MEMRW_IOC_GET_TARGET, memrw_get_target, comm, 0, true, get_target),
	IOCTL_OP(MEMRW_IOC_READ, memrw_transfer, done, TRANSFER_FLAGS, true, read_memory),
	IOCTL_OP(MEMRW_IOC_WRITE, memrw_transfer, done, TRANSFER_FLAGS, true, write_memory),
	IOCTL_OP(MEMRW_IOC_READV, memrw_batch, done, TRANSFER_FLAGS, true, read_batch),
	IOCTL_OP(MEMRW_IOC_WRITEV, memrw_batch, done, TRANSFER_FLAGS, true, write_batch),
	IOCTL_OP(MEMRW_IOC_ATOMIC, memrw_atomic, old, TRANSFER_FLAGS, true, atomic),
	IOCTL_OP(MEMRW_IOC_QUERY_REGION, memrw_query_region, device_minor, 0, true,
		 query_region),
	IOCTL_OP(MEMRW_IOC_WATCH, memrw_set_watch, hit_size, WATCH_FLAGS, false, watch),
	IOCTL_OP(MEMRW_IOC_SYNC_WINDOW, memrw_sync_window, stale, MEMRW_SYNC_KEEP, true,
		 sync_window),
};

/* Every struct of an ioctl begins like this. */
struct ioctl_header {
	u32 size;
	u32 flags;
};

union ioctl_arg {
	struct ioctl_header header;
	struct memrw_info info;
	struct memrw_set_target set_target;
	struct memrw_get_target get_target;
	struct memrw_transfer transfer;
	struct memrw_batch batch;
	struct memrw_atomic atomic;
	struct memrw_query_region region;
	struct memrw_set_watch set_watch;
	struct memrw_sync_window sync_window;
};

static const struct ioctl_op *find_ioctl(unsigned int command)
{
	unsigned int nr = _IOC_NR(command);

	if (nr >= ARRAY_SIZE(ioctl_ops))
		return NULL;
	/* Nor does the processor look beyond the table while it guesses. */
	nr = array_index_nospec(nr, ARRAY_SIZE(ioctl_ops));
	return ioctl_ops[nr].command == command ? &ioctl_ops[nr] : NULL;
}

static long memrw_ioctl(struct file *file, unsigned int command, unsigned long user_arg)
{
	const struct ioctl_op *op = find_ioctl(command);
	struct ioctl_header __user *uarg = (void __user *)user_arg;
	union ioctl_arg arg;
	u32 size;
	long err;

	if (!op)
		return -ENOTTY;
	if (get_user(size, &uarg->size))
		return -EFAULT;
	if (size < op->size_v1)
		return -EINVAL;
	/* Its tail would have to be looked at, and no struct comes to be as large. */
	if (size > PAGE_SIZE)
		return -E2BIG;
	err = copy_struct_from_user(&arg, op->size, uarg, size);
	if (err)
		return err;
	if (arg.header.flags & ~op->flags)
		return -EINVAL;
	err = op->run(file, &arg, uarg);
	if (err || !op->answers)
		return err;
	return copy_to_user(uarg, &arg, min_t(size_t, size, op->size)) ? -EFAULT : 0;
}

static const struct file_operations memrw_fops = {
	.owner = THIS_MODULE,
	COMPAT_UNSIGNED_OFFSET_FOP
	.open = memrw_open,
	.release = memrw_release,
	.llseek = memrw_llseek,
	.read = memrw_read,
	.write = memrw_write,
	.read_iter = memrw_rw_iter,
	.write_iter = memrw_rw_iter,
	.mmap = memrw_mmap,
	.unlocked_ioctl = memrw_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

/* The mode holds until udev has applied its rule, which adds the group. */
static struct miscdevice memrw_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "memrw",
	.fops = &memrw_fops,
	.mode = 0600,
};

int memrw_device_register(void)
{
	return misc_register(&memrw_misc);
}

void memrw_device_unregister(void)
{
	misc_deregister(&memrw_misc);
}

/*
 * Records what a loss of power would leave of the files below one directory. Preloaded into a program (LD_PRELOAD), it keeps beside each file
 * a copy of what was synced of it, and a journal of names: made, renamed, removed, and when a directory was synced. A name that the
 * directory was not synced for counts as not written, as POSIX has it; most file systems are kinder. Directories count as written at once.
 *
 *   POWERLOSS_ROOT     the directory that is watched
 *   POWERLOSS_SHADOW   an empty directory for the copies and the journal "names"
 *   POWERLOSS_LIE      set: a sync says that it is done and does nothing, as some disks do
 *
 * Journal lines: E id path (was there before), C id path (made), R path TAB path (renamed), L path TAB path (linked), U path (removed),
 * D path (directory synced).
 * State is shared with children, so that one that writes a file for its parent is followed too. What is written by way of mmap is not seen.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES 4096

struct file {
    dev_t device;
    ino_t inode;
    int through; /* opened so that each write is a sync */
    int stream; /* written by the C library from inside, where no write is seen */
    off_t from, to; /* what was written since the last sync lies between */
};

struct state {
    pthread_mutex_t lock;
    int count;
    struct file files[FILES];
};

static struct state *state;
static char root[PATH_MAX], shadow[PATH_MAX];
static int journal = -1, lies;

static int (*real_open)(const char *, int, ...);
static int (*real_openat)(int, const char *, int, ...);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static ssize_t (*real_pwritev)(int, const struct iovec *, int, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fallocate)(int, off_t, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_rename)(const char *, const char *);
static int (*real_unlink)(const char *);
static ssize_t (*real_copy_file_range)(int, off_t *, int, off_t *, size_t, unsigned);

#define FIND(name) (real_##name = (__typeof__(real_##name))dlsym(RTLD_NEXT, #name))

static void find(void)
{
    if (real_copy_file_range)
        return;
    FIND(open), FIND(openat), FIND(write), FIND(pwrite), FIND(writev), FIND(pwritev), FIND(ftruncate);
    FIND(fsync), FIND(fdatasync), FIND(rename), FIND(unlink);
    real_fallocate = (__typeof__(real_fallocate))dlsym(RTLD_NEXT, "posix_fallocate");
    FIND(copy_file_range);
}

__attribute__((constructor)) static void start(void)
{
    const char *watched = getenv("POWERLOSS_ROOT"), *copies = getenv("POWERLOSS_SHADOW");
    char name[PATH_MAX + 8];
    pthread_mutexattr_t shared;

    find();
    if (!watched || !copies || !realpath(watched, root) || !realpath(copies, shadow))
        return;
    lies = getenv("POWERLOSS_LIE") != NULL;
    snprintf(name, sizeof name, "%s/names", shadow);
    journal = real_open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    state = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (journal < 0 || state == MAP_FAILED)
        abort();
    pthread_mutexattr_init(&shared);
    pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&state->lock, &shared);
}

static void lock(void) { pthread_mutex_lock(&state->lock); }
static void unlock(void) { pthread_mutex_unlock(&state->lock); }

static void tell(const char *format, ...)
{
    char line[3 * PATH_MAX];
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (real_write(journal, line, (size_t)length) != length)
        abort();
}

/* The absolute name without links in its directory; 0 when it is not below the root. */
static int absolute(const char *path, char *out)
{
    char one[PATH_MAX], two[PATH_MAX], folder[PATH_MAX];
    size_t length = strlen(root);

    snprintf(one, sizeof one, "%s", path);
    snprintf(two, sizeof two, "%s", path);
    if (!realpath(dirname(one), folder) || snprintf(out, PATH_MAX, "%s/%s", folder, basename(two)) >= PATH_MAX)
        return 0;
    return strncmp(out, root, length) == 0 && out[length] == '/';
}

static void copy_name(int id, char *out, size_t size) { snprintf(out, size, "%s/%d", shadow, id); }

/* Brings the copy up to what the file holds between two places, and to its size. */
static void copy(int fd, int id, off_t from, off_t to, off_t size)
{
    char name[PATH_MAX + 16], through[64], buffer[65536];
    int source, target;

    copy_name(id, name, sizeof name);
    snprintf(through, sizeof through, "/proc/self/fd/%d", fd);
    source = real_open(through, O_RDONLY | O_CLOEXEC);
    target = real_open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (source < 0 || target < 0)
        abort();
    if (to > size)
        to = size;
    while (from < to) {
        size_t want = (size_t)(to - from) < sizeof buffer ? (size_t)(to - from) : sizeof buffer;
        ssize_t got = pread(source, buffer, want, from);
        if (got <= 0)
            break;
        if (real_pwrite(target, buffer, (size_t)got, from) != got)
            abort();
        from += got;
    }
    if (real_ftruncate(target, size) != 0)
        abort();
    close(source);
    close(target);
}

/* The file of a descriptor, with its number; NULL when it is not one that is watched. */
static struct file *known(int fd, int *id, struct stat *now)
{
    if (!state || fstat(fd, now) != 0 || !S_ISREG(now->st_mode))
        return NULL;
    for (int i = state->count - 1; i >= 0; i--)
        if (state->files[i].inode == now->st_ino && state->files[i].device == now->st_dev) {
            *id = i;
            return &state->files[i];
        }
    return NULL;
}

static void opened(int fd, const char *path, int was_there, int flags, int stream)
{
    int error = errno, id;
    struct stat now;
    char name[PATH_MAX];
    struct file *file;

    if (!state || fd < 0 || (flags & O_ACCMODE) == O_RDONLY || !absolute(path, name) || fstat(fd, &now) != 0 || !S_ISREG(now.st_mode)) {
        errno = error;
        return;
    }
    lock();
    file = known(fd, &id, &now);
    if (!file || !was_there) {
        if (state->count == FILES)
            abort();
        id = state->count++;
        file = &state->files[id];
        *file = (struct file){ .device = now.st_dev, .inode = now.st_ino, .from = LLONG_MAX };
        if (was_there)
            copy(fd, id, 0, now.st_size, now.st_size);
        tell("%c %d %s\n", was_there ? 'E' : 'C', id, name);
    }
    if (flags & O_TRUNC)
        file->from = 0;
    file->stream |= stream;
    if ((flags & O_SYNC) == O_SYNC || (flags & O_DSYNC))
        file->through = 1;
    unlock();
    errno = error;
}

static int is_there(int folder, const char *path)
{
    struct stat now;
    int error = errno, there = fstatat(folder, path, &now, 0) == 0;

    errno = error;
    return there;
}

/* A copy must be made before O_TRUNC empties what was synced, so the file is opened without it first. */
static void before_truncation(int folder, const char *path, int flags)
{
    int fd, error = errno;

    if (!state || !(flags & O_TRUNC))
        return;
    fd = real_openat(folder, path, O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
        opened(fd, path, 1, O_WRONLY, 0);
        close(fd);
    }
    errno = error;
}

static int opens(int folder, const char *path, int flags, mode_t mode)
{
    int there, fd;

    find();
    there = !state || is_there(folder, path);
    if (there)
        before_truncation(folder, path, flags);
    fd = real_openat(folder, path, flags, mode);
    opened(fd, path, there, flags, 0);
    return fd;
}

#define MODE(flags, mode) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { \
        va_list arguments; \
        va_start(arguments, flags); \
        mode = va_arg(arguments, mode_t); \
        va_end(arguments); \
    }

int open(const char *path, int flags, ...) { MODE(flags, mode) return opens(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags, mode) return opens(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags, mode) return opens(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE(flags, mode) return opens(folder, path, flags, mode); }
int __open_2(const char *path, int flags) { return opens(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return opens(AT_FDCWD, path, flags, 0); }
int creat(const char *path, mode_t mode) { return opens(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode); }

FILE *fopen(const char *path, const char *how)
{
    static FILE *(*real)(const char *, const char *);
    int there;
    FILE *stream;

    find();
    if (!real)
        real = (__typeof__(real))dlsym(RTLD_NEXT, "fopen");
    there = !state || is_there(AT_FDCWD, path);
    if (there && *how == 'w')
        before_truncation(AT_FDCWD, path, O_TRUNC);
    stream = real(path, how);
    if (stream && *how != 'r')
        opened(fileno(stream), path, there, O_WRONLY | (*how == 'w' ? O_TRUNC : 0), 1);
    return stream;
}

FILE *fopen64(const char *path, const char *how) { return fopen(path, how); }

static int synced(int fd, int (*sync)(int))
{
    struct stat now;
    struct file *file;
    int id, result = 0;
    off_t from, to;

    if (!state)
        return sync(fd);
    if (lies)
        return 0;
    if (fstat(fd, &now) == 0 && S_ISDIR(now.st_mode)) {
        char link[64], path[PATH_MAX];
        ssize_t length;

        lock();
        result = sync(fd);
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        length = readlink(link, path, sizeof path - 1);
        if (result == 0 && length > 0) {
            path[length] = '\0';
            tell("D %s\n", path);
        }
        unlock();
        return result;
    }
    lock();
    file = known(fd, &id, &now);
    if (!file) {
        unlock();
        return sync(fd);
    }
    from = file->from, to = file->to;
    file->from = LLONG_MAX, file->to = 0;
    result = sync(fd);
    if (result == 0)
        copy(fd, id, file->stream ? 0 : from, file->stream ? now.st_size : to, now.st_size);
    unlock();
    return result;
}

int fsync(int fd) { find(); return synced(fd, real_fsync); }
int fdatasync(int fd) { find(); return synced(fd, real_fdatasync); }

/* Where a write at the place of the descriptor will go. */
static off_t place(int fd)
{
    struct stat now;
    int error = errno, id;
    off_t at = -1;

    if (state && known(fd, &id, &now))
        at = fcntl(fd, F_GETFL) & O_APPEND ? now.st_size : lseek(fd, 0, SEEK_CUR);
    errno = error;
    return at;
}

/* Marked before the write and after it: a sync may begin in between. */
static void written(int fd, off_t from, off_t length)
{
    struct stat now;
    struct file *file;
    int id, error = errno;

    if (!state || from < 0)
        return;
    lock();
    file = known(fd, &id, &now);
    if (file && from < file->from)
        file->from = from;
    if (file && from + length > file->to)
        file->to = from + length;
    unlock();
    errno = error;
}

static void after(int fd)
{
    struct stat now;
    int id, error = errno;
    struct file *file = state ? known(fd, &id, &now) : NULL;

    if (file && file->through)
        synced(fd, real_fdatasync);
    errno = error;
}

static off_t total(const struct iovec *parts, int count)
{
    off_t sum = 0;

    for (int i = 0; i < count; i++)
        sum += (off_t)parts[i].iov_len;
    return sum;
}

#define AROUND(type, at, length, call) \
    type result; \
    off_t begin; \
    find(); \
    begin = at; \
    written(fd, begin, (off_t)(length)); \
    result = call; \
    written(fd, begin, (off_t)(length)); \
    after(fd); \
    return result;

ssize_t write(int fd, const void *data, size_t length) { AROUND(ssize_t, place(fd), length, real_write(fd, data, length)) }
ssize_t pwrite(int fd, const void *data, size_t length, off_t at) { AROUND(ssize_t, at, length, real_pwrite(fd, data, length, at)) }
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at) { AROUND(ssize_t, at, length, real_pwrite(fd, data, length, at)) }
ssize_t writev(int fd, const struct iovec *parts, int count) { AROUND(ssize_t, place(fd), total(parts, count), real_writev(fd, parts, count)) }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { AROUND(ssize_t, at, total(parts, count), real_pwritev(fd, parts, count, at)) }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) { AROUND(ssize_t, at, total(parts, count), real_pwritev(fd, parts, count, at)) }
int ftruncate(int fd, off_t size) { AROUND(int, size, 0, real_ftruncate(fd, size)) }
int ftruncate64(int fd, off64_t size) { AROUND(int, size, 0, real_ftruncate(fd, size)) }
int posix_fallocate(int fd, off_t from, off_t length) { AROUND(int, from, length, real_fallocate(fd, from, length)) }
int posix_fallocate64(int fd, off64_t from, off64_t length) { AROUND(int, from, length, real_fallocate(fd, from, length)) }

ssize_t copy_file_range(int source, off64_t *from, int fd, off64_t *to, size_t length, unsigned flags)
{
    AROUND(ssize_t, to ? *to : place(fd), length, real_copy_file_range(source, from, fd, to, length, flags))
}

int rename(const char *old, const char *new)
{
    char before[PATH_MAX], now[PATH_MAX];
    int result, seen;

    find();
    if (!state)
        return real_rename(old, new);
    lock();
    seen = absolute(old, before) && absolute(new, now);
    result = real_rename(old, new);
    if (result == 0 && seen)
        tell("R %s\t%s\n", before, now);
    unlock();
    return result;
}

int link(const char *old, const char *new)
{
    static int (*real)(const char *, const char *);
    char before[PATH_MAX], now[PATH_MAX];
    int result;

    if (!real)
        real = (__typeof__(real))dlsym(RTLD_NEXT, "link");
    result = real(old, new);
    if (result == 0 && state && absolute(old, before) && absolute(new, now)) {
        lock();
        tell("L %s\t%s\n", before, now);
        unlock();
    }
    return result;
}

int unlink(const char *path)
{
    char name[PATH_MAX];
    int result, seen;

    find();
    if (!state)
        return real_unlink(path);
    lock();
    seen = absolute(path, name);
    result = real_unlink(path);
    if (result == 0 && seen)
        tell("U %s\n", name);
    unlock();
    return result;
}

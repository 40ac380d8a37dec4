/* A disk that says no: preloaded into the hub by test_disk.py. What fails stands in the file that
 * HEARTH_BAD_DISK names, as lines "CALL ERROR" (pwrite ENOSPC, fdatasync EIO, fallocate ENOSPC, readdir
 * EIO, pread EIO); it is read at every call, so a test changes its mind while the hub runs. Only calls
 * on the journal's files fail, and of those that have no name yet (next.tmp) too. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int is_of_the_journal(int descriptor) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = '\0';
    return strstr(path, "/journal") != NULL;
}

/* The error that a call must end with; 0: none. */
static int ordered(const char* call) {
    const char* name = getenv("HEARTH_BAD_DISK");
    FILE* file = name != NULL ? fopen(name, "re") : NULL;
    if (file == NULL) return 0;
    char line[128];
    int error = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        char what[32], why[32];
        if (sscanf(line, "%31s %31s", what, why) != 2 || strcmp(what, call) != 0) continue;
        error = strcmp(why, "ENOSPC") == 0 ? ENOSPC : EIO;
    }
    fclose(file);
    return error;
}

static int fails(const char* call, int descriptor) {
    int error = ordered(call);
    if (error == 0 || !is_of_the_journal(descriptor)) return 0;
    errno = error;
    return 1;
}

ssize_t pwrite(int descriptor, const void* bytes, size_t count, off_t offset) {
    static ssize_t (*real)(int, const void*, size_t, off_t);
    if (real == NULL) *(void**)&real = dlsym(RTLD_NEXT, "pwrite");
    return fails("pwrite", descriptor) ? -1 : real(descriptor, bytes, count, offset);
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t count, off_t offset) {
    return pwrite(descriptor, bytes, count, offset);
}

ssize_t pread(int descriptor, void* bytes, size_t count, off_t offset) {
    static ssize_t (*real)(int, void*, size_t, off_t);
    if (real == NULL) *(void**)&real = dlsym(RTLD_NEXT, "pread");
    return fails("pread", descriptor) ? -1 : real(descriptor, bytes, count, offset);
}

ssize_t pread64(int descriptor, void* bytes, size_t count, off_t offset) {
    return pread(descriptor, bytes, count, offset);
}

ssize_t __pread_chk(int descriptor, void* bytes, size_t count, off_t offset, size_t size) {
    (void)size;
    return pread(descriptor, bytes, count, offset);
}

ssize_t __pread64_chk(int descriptor, void* bytes, size_t count, off_t offset, size_t size) {
    (void)size;
    return pread(descriptor, bytes, count, offset);
}

int fdatasync(int descriptor) {
    static int (*real)(int);
    if (real == NULL) *(void**)&real = dlsym(RTLD_NEXT, "fdatasync");
    return fails("fdatasync", descriptor) ? -1 : real(descriptor);
}

int fallocate(int descriptor, int mode, off_t offset, off_t length) {
    static int (*real)(int, int, off_t, off_t);
    if (real == NULL) *(void**)&real = dlsym(RTLD_NEXT, "fallocate");
    return fails("fallocate", descriptor) ? -1 : real(descriptor, mode, offset, length);
}

int fallocate64(int descriptor, int mode, off_t offset, off_t length) {
    return fallocate(descriptor, mode, offset, length);
}

struct dirent* readdir(DIR* folder) {
    static struct dirent* (*real)(DIR*);
    if (real == NULL) *(void**)&real = dlsym(RTLD_NEXT, "readdir");
    return fails("readdir", dirfd(folder)) ? NULL : real(folder);
}

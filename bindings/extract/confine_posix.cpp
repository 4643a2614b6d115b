#include "confine.hpp"

#include "limits.hpp"

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define PHISCAN_HAS_SANITIZER 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PHISCAN_HAS_SANITIZER 1
#endif

namespace phiscan::extract {
namespace {

bool limit(int resource, rlim_t value) {
  const struct rlimit both = {value, value};
  return setrlimit(static_cast<__rlimit_resource_t>(resource), &both) == 0;
}

} // namespace

bool confine_process() {
  bool done = limit(RLIMIT_CORE, 0) && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
#ifndef PHISCAN_HAS_SANITIZER // sanitizers map terabytes and write their report to a file descriptor
  done = done && limit(RLIMIT_AS, rlim_t{512} << 20);
  // Freed memory is overwritten, so that the text of one mail does not lie about while the next is read.
  mallopt(M_PERTURB, 0x5A);
  mallopt(M_ARENA_MAX, 1);
  // Memory stays with the process from mail to mail: giving it back each time costs more than reading a small one.
  mallopt(M_TRIM_THRESHOLD, 16 << 20);
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
  // Character tables are opened by iconv when first met, hence a few descriptors and not three.
  done = done && limit(RLIMIT_NOFILE, 16) && limit(RLIMIT_FSIZE, 0);
  return done;
}

void arm_orphan_timer(bool armed) { alarm(armed ? limits::orphan_seconds : 0); }

} // namespace phiscan::extract

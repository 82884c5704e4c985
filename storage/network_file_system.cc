#include "storage/network_file_system.h"

#include <sys/vfs.h>

#include <algorithm>
#include <array>

namespace realm {
namespace {

// f_type as statfs(2) and the file systems' own headers have it.
constexpr std::array<uint32_t, 16> kShared = {
    0x00006969,  // NFS
    0x0000517b,  // SMB
    0xfe534d42,  // SMB 2 and later
    0xff534d42,  // CIFS
    0x0bd00bd0,  // Lustre
    0x47504653,  // GPFS
    0x00c36400,  // Ceph
    0x19830326,  // BeeGFS
    0x5346414f,  // AFS (OpenAFS)
    0x6b414653,  // AFS (the kernel's)
    0x73757245,  // Coda
    0x7461636f,  // OCFS2
    0x01161970,  // GFS2
    0x01021997,  // 9P
    0x786f4256,  // vboxsf
    0x65735546,  // FUSE
};

}  // namespace

bool is_shared_among_machines(int64_t file_system_type) {
  // The kernel's field is signed on some machines, so the upper half says nothing.
  const auto type = static_cast<uint32_t>(file_system_type);
  return std::find(kShared.begin(), kShared.end(), type) != kShared.end();
}

bool lies_on_network(const std::filesystem::path& path) {
  struct statfs about = {};
  return ::statfs(path.c_str(), &about) == 0 && is_shared_among_machines(about.f_type);
}

}  // namespace realm

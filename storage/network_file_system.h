// Which file systems are shared among machines. SQLite's write-ahead log needs memory that all
// programs of a database share, which these do not carry (sqlite.org/wal.html), so a database
// there keeps a rollback journal. Functions without state; they ask the kernel once.
#pragma once

#include <cstdint>
#include <filesystem>

namespace realm {

// Whether a type of statfs(2) may be shared among machines: NFS, SMB, Lustre, GPFS, Ceph, BeeGFS,
// AFS, Coda, OCFS2, GFS2, 9P, vboxsf, and FUSE, behind which anything may stand.
bool is_shared_among_machines(int64_t file_system_type);

// Whether `path` lies on such a one; false where it cannot be asked.
bool lies_on_network(const std::filesystem::path& path);

}  // namespace realm

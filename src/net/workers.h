#pragma once

#include <functional>

namespace hearth::net {

/// Where slow work goes: fdatasync, hashing, compression. A job runs on some other thread; then
/// `done` is posted back to the shard that asked. Jobs of one Workers may run side by side.
class Workers {
public:
    using Job = std::function<void()>;

    virtual ~Workers() = default;

    /// `job` must touch nothing that belongs to the shard; `done` runs on the shard's thread in a
    /// later turn. A job that is queued when the program stops is still run; its `done` may not be.
    virtual void run(Job job, Job done) = 0;
};

} // namespace hearth::net

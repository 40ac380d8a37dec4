#pragma once

#include "broker/session.h"
#include "broker/slab.h"
#include "broker/stored_message.h"
#include "broker/topic_tree.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace hearth::broker {

/// The last message of each topic that was published with RETAIN (3.3.1.3), and whose it is: when
/// a credential is revoked, what it left goes too (CVE-2018-12546).
class Retained {
public:
    struct Entry {
        MessageRef message;
        NodeId node = none;
        IdentityIndex owner = 0;
    };

    /// Whether a message fits beside all others (or in place of the one it replaces).
    bool has_room(const MessageView& message, std::size_t messages, std::size_t bytes) const;
    void keep(MessageRef message, IdentityIndex owner);
    /// False if there was none.
    bool drop(std::string_view topic);
    const Entry* find(std::string_view topic) const;

    /// Appends what `filter` matches; the entries are good until the next change.
    void match(std::string_view filter, std::vector<const Entry*>& found) const;
    void all(std::vector<const Entry*>& found) const;

    std::size_t size() const { return entries_.size(); }
    std::size_t bytes() const { return bytes_; }
    void clear();

private:
    TopicTree tree_;
    Slab<Entry> entries_;
    std::size_t bytes_ = 0;
    mutable std::vector<NodeId> nodes_; ///< scratch
};

} // namespace hearth::broker

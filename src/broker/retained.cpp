#include "broker/retained.h"

namespace hearth::broker {

bool Retained::has_room(const MessageView& message, std::size_t messages, std::size_t bytes) const {
    const Entry* old = find(message.topic);
    const std::size_t size =
        message.topic.size() + message.properties.size() + message.payload.size();
    const std::size_t freed = old != nullptr ? old->message->size() : 0;
    return (old != nullptr || entries_.size() < messages) && bytes_ - freed + size <= bytes;
}

const Retained::Entry* Retained::find(std::string_view topic) const {
    const NodeId node = tree_.find(topic);
    if (node == none || tree_.value(node) == none) return nullptr;
    return &entries_[tree_.value(node)];
}

void Retained::keep(MessageRef message, IdentityIndex owner) {
    const NodeId node = tree_.add(message->topic());
    if (tree_.value(node) == none) {
        tree_.set_value(node, entries_.make());
    } else {
        bytes_ -= entries_[tree_.value(node)].message->size();
    }
    bytes_ += message->size();
    entries_[tree_.value(node)] = {std::move(message), node, owner};
}

bool Retained::drop(std::string_view topic) {
    const NodeId node = tree_.find(topic);
    if (node == none || tree_.value(node) == none) return false;
    const std::uint32_t index = tree_.value(node);
    bytes_ -= entries_[index].message->size();
    entries_.free(index);
    tree_.set_value(node, none);
    tree_.prune(node);
    return true;
}

void Retained::match(std::string_view filter, std::vector<const Entry*>& found) const {
    nodes_.clear();
    tree_.match_topics(filter, nodes_);
    for (const NodeId node : nodes_)
        found.push_back(&entries_[tree_.value(node)]);
}

void Retained::all(std::vector<const Entry*>& found) const {
    nodes_.clear();
    tree_.all(nodes_);
    for (const NodeId node : nodes_)
        found.push_back(&entries_[tree_.value(node)]);
}

void Retained::clear() {
    tree_.clear();
    entries_.clear();
    bytes_ = 0;
}

} // namespace hearth::broker

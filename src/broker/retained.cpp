#include "broker/retained.h"

#include <algorithm>

namespace hearth::broker {

Retained::Cost Retained::cost(const MessageView& message, IdentityIndex owner) const {
    const std::size_t size =
        message.topic.size() + message.properties.size() + message.payload.size();
    const Entry* old = find(message.topic);
    if (old == nullptr || old->owner != owner) return {1, size};
    return {0, size - std::min(size, old->message->size())};
}

void Retained::pay(const Entry& entry) {
    bytes_ += entry.message->size();
    quotas_.take(entry.owner, Resource::retained_messages);
    quotas_.take(entry.owner, Resource::retained_bytes, entry.message->size());
}

void Retained::give_back(const Entry& entry) {
    bytes_ -= entry.message->size();
    quotas_.give_back(entry.owner, Resource::retained_messages);
    quotas_.give_back(entry.owner, Resource::retained_bytes, entry.message->size());
}

const Retained::Entry* Retained::find(std::string_view topic) const {
    const NodeId node = tree_.find(topic);
    if (!has_entry(node)) return nullptr;
    return &entries_[tree_.value(node)];
}

void Retained::keep(MessageRef message, IdentityIndex owner) {
    const NodeId node = tree_.add(message->topic());
    if (!has_entry(node)) {
        tree_.set_value(node, entries_.make());
    } else {
        give_back(entries_[tree_.value(node)]);
    }
    Entry& entry = entries_[tree_.value(node)];
    entry = {std::move(message), node, owner, ++kept_};
    pay(entry);
}

bool Retained::drop(std::string_view topic) {
    const NodeId node = tree_.find(topic);
    if (!has_entry(node)) return false;
    const std::uint32_t index = tree_.value(node);
    give_back(entries_[index]);
    entries_.free(index);
    const bool rested_on = resting_.contains(node);
    tree_.set_value(node, rested_on ? held : none);
    if (!rested_on) tree_.prune(node);
    return true;
}

Retained::Walk Retained::walk() {
    Walk walk;
    walk.retained_ = this;
    walk.before_ = kept_;
    return walk;
}

void Retained::rest(Walk& walk) {
    const NodeId node = walk.place_.node;
    if (walk.rests_at_ == node) return;
    ++resting_[node];
    if (tree_.value(node) == none) tree_.set_value(node, held);
    const NodeId left = std::exchange(walk.rests_at_, node);
    if (left != none) let_go(left);
}

void Retained::let_go(NodeId node) {
    const auto count = resting_.find(node);
    if (count == resting_.end() || --count->second > 0) return;
    resting_.erase(count);
    if (tree_.value(node) != held) return;
    tree_.set_value(node, none);
    tree_.prune(node);
}

const Retained::Entry* Retained::here(const Walk& walk, const TopicTree::Levels& filter) const {
    if (!TopicTree::is_match(walk.place_, filter) || !has_entry(walk.place_.node)) return nullptr;
    const Entry& entry = entries_[tree_.value(walk.place_.node)];
    return entry.number <= walk.before_ ? &entry : nullptr;
}

void Retained::match(std::string_view filter, std::vector<const Entry*>& found) const {
    nodes_.clear();
    tree_.match_topics(filter, nodes_);
    for (const NodeId node : nodes_)
        if (has_entry(node)) found.push_back(&entries_[tree_.value(node)]);
}

void Retained::all(std::vector<const Entry*>& found) const {
    nodes_.clear();
    tree_.all(nodes_);
    for (const NodeId node : nodes_)
        if (has_entry(node)) found.push_back(&entries_[tree_.value(node)]);
}

void Retained::clear() {
    std::vector<const Entry*> kept;
    all(kept);
    for (const Entry* entry : kept)
        give_back(*entry);
    resting_.clear();
    tree_.clear();
    entries_.clear();
    bytes_ = 0;
}

} // namespace hearth::broker

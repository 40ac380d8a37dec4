#pragma once

#include "base/time.h"
#include "broker/message.h"
#include "journal/journal.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hearth::broker {

/// A message as it comes in and goes through the broker: views into somebody else's bytes.
struct MessageView {
    std::string_view topic;
    std::string_view payload;
    /// MQTT 5 properties as mqtt::encode_publish_properties() writes them, without topic alias,
    /// subscription identifiers and expiry.
    std::string_view properties;
    Qos qos = Qos::at_most_once;
    bool retain = false;
    Micros expires_at = 0; ///< UTC; 0: never
    /// Once it has expired it is not sent again either (MQTT's own expiry ends where sending has
    /// begun).
    bool lapses = false;
};

class MessagePool;

/// A message that is kept: retained, or queued to any number of sessions, which share it. All its
/// texts lie in one block whose memory is used again.
class StoredMessage {
public:
    std::string_view topic() const { return std::string_view(bytes_).substr(0, topic_size_); }
    std::string_view properties() const {
        return std::string_view(bytes_).substr(topic_size_, properties_size_);
    }
    std::string_view payload() const {
        return std::string_view(bytes_).substr(topic_size_ + properties_size_);
    }
    Qos qos() const { return qos_; }
    Micros expires_at() const { return expires_at_; }
    bool expired(Micros utc) const { return expires_at_ != 0 && utc >= expires_at_; }
    /// Not even to be sent again.
    bool lapsed(Micros utc) const { return lapses_ && expired(utc); }
    std::size_t size() const { return bytes_.size(); }
    /// Goes to no client before this record is committed; 0: need not wait.
    journal::Sequence after() const { return after_; }
    /// Stands for one that was dropped at a start for want of room, so that what the journal says
    /// of those after it still fits. It has expired; nobody can publish to its topic.
    bool is_placeholder() const { return topic() == placeholder_topic; }
    static constexpr std::string_view placeholder_topic = "$hearth/dropped";
    MessageView view() const {
        return {topic(), payload(), properties(), qos_, false, expires_at_, lapses_};
    }

private:
    friend class MessagePool;
    friend class MessageRef;

    std::string bytes_;
    Micros expires_at_ = 0;
    journal::Sequence after_ = 0;
    MessagePool* pool_ = nullptr;
    std::uint32_t references_ = 0;
    std::uint32_t properties_size_ = 0;
    std::uint16_t topic_size_ = 0;
    Qos qos_ = Qos::at_most_once;
    bool lapses_ = false;
};

/// One owner among several of a stored message. The last one gives it back to its pool. Counted
/// without atomics: everything lives on one shard.
class MessageRef {
public:
    MessageRef() = default;
    MessageRef(const MessageRef& other)
        : message_(other.message_) {
        if (message_ != nullptr) ++message_->references_;
    }
    MessageRef(MessageRef&& other) noexcept
        : message_(std::exchange(other.message_, nullptr)) {}
    MessageRef& operator=(MessageRef other) noexcept {
        std::swap(message_, other.message_);
        return *this;
    }
    ~MessageRef() { release(); }

    void leave_after(journal::Sequence record) { message_->after_ = record; }
    const StoredMessage& operator*() const { return *message_; }
    const StoredMessage* operator->() const { return message_; }
    explicit operator bool() const { return message_ != nullptr; }

private:
    friend class MessagePool;

    explicit MessageRef(StoredMessage* message)
        : message_(message) {
        ++message_->references_;
    }
    void release();

    StoredMessage* message_ = nullptr;
};

/// Makes stored messages and keeps the memory of those given back, within bounds. Outlives all
/// references.
class MessagePool {
public:
    MessageRef store(const MessageView& message);

private:
    friend class MessageRef;

    static constexpr std::size_t spares = 1'024;
    static constexpr std::size_t spare_bytes = 1'024; ///< a larger block is not kept

    void give_back(StoredMessage* message);

    std::vector<std::unique_ptr<StoredMessage>> free_;
};

} // namespace hearth::broker

#pragma once

#include "base/time.h"
#include "broker/message.h"

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
    std::size_t size() const { return bytes_.size(); }
    MessageView view() const {
        return {topic(), payload(), properties(), qos_, false, expires_at_};
    }

private:
    friend class MessagePool;
    friend class MessageRef;

    std::string bytes_;
    Micros expires_at_ = 0;
    MessagePool* pool_ = nullptr;
    std::uint32_t references_ = 0;
    std::uint32_t properties_size_ = 0;
    std::uint16_t topic_size_ = 0;
    Qos qos_ = Qos::at_most_once;
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

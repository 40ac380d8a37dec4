#include "broker/stored_message.h"

namespace hearth::broker {

MessageRef MessagePool::store(const MessageView& message) {
    StoredMessage* stored = nullptr;
    if (free_.empty()) {
        stored = std::make_unique<StoredMessage>().release();
        stored->pool_ = this;
    } else {
        stored = free_.back().release();
        free_.pop_back();
    }
    stored->bytes_.reserve(message.topic.size() + message.properties.size() +
                           message.payload.size());
    stored->bytes_.assign(message.topic);
    stored->bytes_ += message.properties;
    stored->bytes_ += message.payload;
    stored->topic_size_ = static_cast<std::uint16_t>(message.topic.size());
    stored->properties_size_ = static_cast<std::uint32_t>(message.properties.size());
    stored->expires_at_ = message.expires_at;
    stored->after_ = 0;
    stored->qos_ = message.qos;
    stored->lapses_ = message.lapses;
    return MessageRef(stored);
}

void MessagePool::give_back(StoredMessage* message) {
    std::unique_ptr<StoredMessage> owned(message);
    if (free_.size() >= spares || owned->bytes_.capacity() > spare_bytes) return;
    free_.push_back(std::move(owned));
}

void MessageRef::release() {
    if (message_ != nullptr && --message_->references_ == 0) message_->pool_->give_back(message_);
}

} // namespace hearth::broker

#include "broker/rights.h"

namespace hearth::broker {

namespace {

bool usable_as_topic(std::string_view name) {
    return !name.empty() && name.find_first_of("+#/$") == std::string_view::npos;
}

void append(std::vector<std::string>& to, const std::vector<std::string>& more) {
    to.insert(to.end(), more.begin(), more.end());
}

} // namespace

Rights rights_of(const access::Credential& credential) {
    Rights rights;
    if (usable_as_topic(credential.name)) rights.publish = access::own_topics(credential.name);
    append(rights.publish, credential.topics);
    rights.subscribe = rights.publish;
    append(rights.publish, access::shared_publish_topics());
    append(rights.subscribe, access::shared_subscribe_topics());
    return rights;
}

} // namespace hearth::broker

#include "app/mqtt_rights.h"

namespace hearth::app {

MqttRights::MqttRights(home::CredentialBook& credentials, bool anonymous)
    : credentials_(credentials)
    , anonymous_(anonymous) {
    credentials.on_change([this](std::string_view) {
        rights_.clear();
        ++epoch_;
    });
}

Result<std::string> MqttRights::authenticate(const broker::Login& login) {
    if (!login.user_name) {
        if (anonymous_ && login.loopback) return std::string();
        return fail(Code::refused, "a client must log in; `hearth credential add NAME` makes a "
                                   "name and password for it");
    }
    // Firmware that always sends a name is as anonymous as one that sends none; who has a
    // credential must prove it.
    if (anonymous_ && login.loopback && credentials_.find(*login.user_name) == nullptr)
        return std::string();
    const access::Credential* credential =
        credentials_.authenticate(*login.user_name, login.password.value_or(""));
    if (credential != nullptr) return credential->name;
    return fail(Code::invalid, "wrong user name or password; `hearth credential list` shows the "
                               "names, `hearth credential add` makes one");
}

bool MqttRights::knows(std::string_view credential) const {
    return credential.empty() ? anonymous_ : credentials_.find(credential) != nullptr;
}

bool MqttRights::may_publish(std::string_view credential, std::string_view topic) const {
    const broker::Rights* known = rights(credential);
    return known != nullptr && known->may_publish(topic);
}

bool MqttRights::may_subscribe(std::string_view credential, std::string_view filter) const {
    const broker::Rights* known = rights(credential);
    return known != nullptr && known->may_subscribe(filter);
}

const broker::Rights* MqttRights::rights(std::string_view credential) const {
    if (const auto found = rights_.find(credential); found != rights_.end()) return &found->second;
    if (credential.empty()) {
        if (!anonymous_) return nullptr;
        return &rights_.emplace(std::string(), broker::rights_of_anonymous()).first->second;
    }
    const access::Credential* known = credentials_.find(credential);
    if (known == nullptr) return nullptr;
    return &rights_.emplace(std::string(credential), broker::rights_of(*known)).first->second;
}

} // namespace hearth::app

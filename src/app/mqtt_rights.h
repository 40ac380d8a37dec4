#pragma once

#include "broker/authorizer.h"
#include "broker/rights.h"
#include "home/credential_book.h"

#include <map>

namespace hearth::app {

/// Lets MQTT clients in by the home's credentials. With `anonymous`, clients on this machine
/// without a name or with one that no credential has come in too, as nobody.
class MqttRights final : public broker::Authorizer {
public:
    MqttRights(home::CredentialBook& credentials, bool anonymous);

    Result<std::string> authenticate(const broker::Login& login) override;
    bool knows(std::string_view credential) const override;
    bool may_publish(std::string_view credential, std::string_view topic) const override;
    bool may_subscribe(std::string_view credential, std::string_view filter) const override;
    std::uint64_t epoch() const override { return epoch_; }

private:
    const broker::Rights* rights(std::string_view credential) const;

    const home::CredentialBook& credentials_;
    bool anonymous_;
    std::uint64_t epoch_ = 1;
    /// Made when first asked for; forgotten when credentials change.
    mutable std::map<std::string, broker::Rights, std::less<>> rights_;
};

} // namespace hearth::app

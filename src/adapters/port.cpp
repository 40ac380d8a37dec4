#include "adapters/adapter.h"

#include <algorithm>
#include <iterator>

namespace hearth::adapters {

home::DeviceId Port::discovered(home::DeviceDescription description) {
    description.adapter = adapter_;
    const std::string external_id = description.external_id;
    auto id = home_.announce(home::Cause::of_device(external_id), std::move(description));
    if (id) return *id;
    refuse(external_id, id.error());
    return {};
}

void Port::left(const home::DeviceId& device) {
    const auto done = home_.record(home::Cause::of_device(device), home::DeviceLeft{device});
    if (!done) refuse(device, done.error());
}

void Port::available(const home::DeviceId& device, bool online) {
    const home::Device* known = home_.find(device);
    if (known == nullptr || known->online == online) return;
    const auto done =
        home_.record(home::Cause::of_device(device), home::AvailabilityChanged{device, online});
    if (!done) refuse(device, done.error());
}

void Port::report(const home::DeviceId& device, Told values, Micros device_time) {
    const home::Device* known = home_.find(device);
    if (known == nullptr) return;
    std::size_t texts = 0;
    std::erase_if(values, [&](const auto& reported) {
        const home::Attribute* attribute = known->find(reported.first.text);
        if (attribute == nullptr) return true;
        auto fits = home::check_reported(*attribute->spec, reported.second);
        if (fits) fits = home_.check_size(reported.first, reported.second);
        if (!fits) refuse(known->name(), fits.error());
        if (fits) texts += reported.second.string_or("").size();
        return !fits;
    });
    if (values.empty()) return;
    Told others; // where the texts may be too much together: what counts all the same
    const home::HomeLimits& limits = home_.limits();
    if (texts > limits.report_bytes || known->text_bytes + texts > limits.twin_bytes)
        std::ranges::copy_if(values, std::back_inserter(others),
                             [](const auto& told) { return !told.second.is_string(); });
    if (record(device, std::move(values), device_time) || others.empty()) return;
    record(device, std::move(others), device_time);
}

bool Port::record(const home::DeviceId& device, Told values, Micros device_time) {
    const auto done = home_.record(home::Cause::of_device(device),
                                   home::AttributeReported{device, std::move(values), device_time});
    if (!done) refuse(device, done.error());
    return done.has_value();
}

void Port::settle(home::CommandId command, home::Settlement settlement, std::string detail) {
    home_.settle(command, settlement, std::move(detail));
}

void Port::refuse(std::string_view from, const Error& error, std::string_view excerpt) {
    refusals_.add(adapter_, from, error, excerpt);
}

void Port::keep_note(std::string_view key, std::string_view bytes) {
    const auto done = home_.keep_note(adapter_, key, bytes);
    if (!done) refuse(key, done.error());
}

} // namespace hearth::adapters

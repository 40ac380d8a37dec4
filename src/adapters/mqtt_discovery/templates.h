#pragma once

#include "base/result.h"
#include "template/template.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hearth::mqtt_discovery {

/// A compiled template. Shared because ten thousand thermometers state the same three templates;
/// immutable, so that sharing needs no care. Null where a config has none.
using SharedTemplate = std::shared_ptr<const templating::Template>;

/// Compiles each source once for as long as somebody uses it.
class TemplateCache {
public:
    explicit TemplateCache(std::size_t template_bytes)
        : template_bytes_(template_bytes) {}

    /// Errors: what templating::Template::parse() says; Code::limit for a source that is too long.
    Result<SharedTemplate> get(std::string_view source);
    std::size_t size() const { return known_.size(); }

private:
    void forget_unused();

    std::size_t template_bytes_;
    std::size_t clean_up_at_ = 1024;
    std::unordered_map<std::string, std::weak_ptr<const templating::Template>> known_;
};

/// The places in a JSON message that a template reads: `value_json.a.b` gives "a.b", and so do
/// `value_json["a"]["b"]` and `value_json.get("a").b`. Each once, in order; the first `most` of
/// them.
std::vector<std::string> json_places(std::string_view source, std::size_t most = 1'000);

} // namespace hearth::mqtt_discovery

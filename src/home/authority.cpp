#include "home/authority.h"

#include "catalog/catalog.h"
#include "home/device.h"
#include "home/fact.h"

namespace hearth::home {

access::Verb verb_of(const Device& device, const Ask& ask) {
    const catalog::AskFirst* first =
        catalog::Catalog::builtin().ask_first(ask.path.capability_attribute());
    const bool opens = first != nullptr && first->by_hand && first->covers(ask.value, device.type);
    return opens ? access::Verb::open : access::Verb::use;
}

} // namespace hearth::home

#include "app/record_names.h"

#include "automations/automations.h"
#include "broker/records.h"
#include "home/credential_book.h"
#include "home/person_book.h"
#include "home/records.h"
#include "journal/cursor_book.h"

namespace hearth::app {

Result<Value> describe_record(const journal::Record& record) {
    if (journal::home_kinds.contains(record.kind)) return home::describe(record);
    if (journal::broker_kinds.contains(record.kind)) return broker::describe(record);
    if (journal::automation_kinds.contains(record.kind))
        return automations::Automations::describe(record);
    if (home::CredentialBook::own_kinds.contains(record.kind))
        return home::CredentialBook::describe(record);
    if (home::PersonBook::own_kinds.contains(record.kind))
        return home::PersonBook::describe(record);
    if (journal::cursor_kinds.contains(record.kind)) return journal::CursorBook::describe(record);
    if (record.kind == journal::filler_kind) return ValueMap{{"kind", "nothing"}};
    return fail(Code::newer, "record kind {} is not known", record.kind);
}

} // namespace hearth::app

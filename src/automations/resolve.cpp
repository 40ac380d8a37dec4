#include "automations/definition_reader.h"

#include <algorithm>

/// A definition against the home: names become ids, and everything must fit.
namespace hearth::automations {
namespace {

class Resolver {
public:
    Resolver(Definition& definition, const Surroundings& around, std::string* missing)
        : definition_(definition)
        , around_(around)
        , missing_(missing) {}

    Result<void> run() {
        for (auto& [name, device] : definition_.with) {
            const auto found = find(device, fmt::format("with: {}", name));
            if (!found) return std::unexpected(found.error());
        }
        auto done = each(definition_.triggers, "triggers");
        if (done) done = each(definition_.conditions, "conditions");
        if (done) done = each(definition_.actions, "actions");
        if (done) done = check_self();
        return done;
    }

private:
    template <class Part>
    Result<void> each(std::vector<Part>& parts, std::string_view list) {
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const std::string place = fmt::format("{}[{}]", list, i);
            auto done = std::visit([&](auto& part) { return check(part, place); }, parts[i]);
            if (!done) return done;
        }
        return {};
    }

    Result<const home::Device*> find(home::DeviceId& word, const std::string& place) {
        auto found = around_.home.find_by_word(word);
        if (!found) {
            if (missing_ != nullptr && found.error().code == Code::not_found) *missing_ = word;
            return fail_in(place, found);
        }
        word = (*found)->id;
        return found;
    }

    Result<const home::AttributeSpec*> find(home::DeviceId& word, const home::Path& path,
                                            const std::string& place) {
        const std::string as_written = word;
        const auto device = find(word, place);
        if (!device) return std::unexpected(device.error());
        const home::Attribute* attribute = (*device)->find(path.text);
        if (attribute != nullptr) return attribute->spec.get();
        if (missing_ != nullptr) *missing_ = as_written;
        return fail_at(place, Code::not_found,
                       "{} has no attribute {}; `hearth show {}` lists what it has",
                       (*device)->name(), path.text, (*device)->id);
    }

    /// An attribute that has a value, and a test that fits it.
    Result<const home::AttributeSpec*> find_readable(home::DeviceId& word, const home::Path& path,
                                                     const Test& test, const std::string& place) {
        const auto spec = find(word, path, place);
        if (!spec) return spec;
        if ((*spec)->command)
            return fail_at(place, Code::invalid, "{} is a command: it has no value", path.text);
        const bool number = (*spec)->type == catalog::AttributeType::number ||
                            (*spec)->type == catalog::AttributeType::integer;
        if ((test.above || test.below) && !number)
            return fail_at(place, Code::invalid, "above and below need a number; {} is a {}",
                           path.text, to_string((*spec)->type));
        for (const auto& value : {test.is, test.is_not})
            if (auto fits = check_if(value, **spec, place); !fits) return fail(fits);
        return spec;
    }

    static Result<void> check_if(const std::optional<Value>& value, const home::AttributeSpec& spec,
                                 const std::string& place) {
        if (!value) return {};
        const auto fits = home::check_value(spec, *value);
        if (!fits) return fail_in(place, fits);
        return {};
    }

    Result<void> need_place(const std::string& place) const {
        if (around_.has_place) return {};
        return fail_at(place, Code::invalid,
                       "the sun needs the home's place, and none is set (latitude, longitude)");
    }

    Result<void> check(AttributeTrigger& trigger, const std::string& place) {
        const auto spec = find_readable(trigger.device, trigger.path, trigger.test, place);
        if (!spec) return std::unexpected(spec.error());
        return check_if(trigger.from, **spec, place);
    }
    Result<void> check(DeviceTrigger& trigger, const std::string& place) {
        if (trigger.device.empty()) return {};
        const auto device = find(trigger.device, place);
        if (!device) return std::unexpected(device.error());
        return {};
    }
    Result<void> check(TimeTrigger&, const std::string&) { return {}; }
    Result<void> check(SunTrigger&, const std::string& place) { return need_place(place); }

    Result<void> check(AttributeCondition& condition, const std::string& place) {
        const auto spec = find_readable(condition.device, condition.path, condition.test, place);
        if (!spec) return std::unexpected(spec.error());
        return {};
    }
    Result<void> check(OnlineCondition& condition, const std::string& place) {
        const auto device = find(condition.device, place);
        if (!device) return std::unexpected(device.error());
        return {};
    }
    Result<void> check(TimeCondition&, const std::string&) { return {}; }
    Result<void> check(SunCondition&, const std::string& place) { return need_place(place); }
    Result<void> check(ExpressionCondition&, const std::string&) { return {}; }
    Result<void> check(GroupCondition& group, const std::string& place) {
        return each(group.parts,
                    fmt::format("{}: {}", place, group_names[static_cast<std::size_t>(group.how)]));
    }

    Result<void> check(SetAction& action, const std::string& place) {
        for (SetValue& set : action.values) {
            const auto spec = find(action.device, set.path, place);
            if (!spec) return std::unexpected(spec.error());
            if (!(*spec)->writable)
                return fail_at(place, Code::refused, "{} can be read, not set", set.path.text);
            if (set.expression || (*spec)->command) continue;
            if (auto fits = check_if(set.value, **spec, place); !fits) return fits;
        }
        return {};
    }
    Result<void> check(DelayAction&, const std::string&) { return {}; }
    Result<void> check(NotifyAction&, const std::string&) { return {}; }

    Result<void> check_self() const {
        for (std::size_t t = 0; t < definition_.triggers.size(); ++t) {
            const auto* trigger = std::get_if<AttributeTrigger>(&definition_.triggers[t]);
            if (trigger == nullptr) continue;
            for (std::size_t a = 0; a < definition_.actions.size(); ++a)
                if (const auto* action = std::get_if<SetAction>(&definition_.actions[a]))
                    if (const SetValue* set = answers(*action, *trigger, spec_of(*trigger)))
                        return fail(Code::refused,
                                    "actions[{}]: sets {} as triggers[{}] waits for it: it would "
                                    "trigger itself",
                                    a, set->path.text, t);
        }
        return {};
    }

    /// Of a trigger that has been checked.
    const home::AttributeSpec& spec_of(const AttributeTrigger& trigger) const {
        return *around_.home.find(trigger.device)->find(trigger.path.text)->spec;
    }

    /// What an action sets so that the trigger matches. Of an expression only the run will tell,
    /// unless any value would do.
    static const SetValue* answers(const SetAction& action, const AttributeTrigger& trigger,
                                   const home::AttributeSpec& spec) {
        if (action.device != trigger.device) return nullptr;
        for (const SetValue& set : action.values) {
            const bool matches =
                set.expression ? trigger.test.empty() : trigger.test.holds(spec, set.value);
            if (set.path == trigger.path && matches) return &set;
        }
        return nullptr;
    }

    Definition& definition_;
    const Surroundings& around_;
    std::string* missing_;
};

} // namespace

Result<void> resolve(Definition& definition, const Surroundings& around, std::string* missing) {
    return Resolver(definition, around, missing).run();
}

} // namespace hearth::automations

#pragma once

#include "automations/definition.h"
#include "automations/sun.h"

#include <optional>
#include <string>
#include <vector>

namespace hearth::automations {

/// What conditions and expressions of one automation give at one moment. Borrows what it is handed;
/// made anew for each step.
class Evaluation {
public:
    struct Around {
        const home::Home& home;
        const TimeZone& zone;
        std::optional<Place> place;
        Micros now = 0; ///< UTC
        const Limits& limits;
    };

    Evaluation(const Definition& definition, const Value& trigger, const Around& around)
        : definition_(definition)
        , trigger_(trigger)
        , around_(around) {}

    /// Whether all conditions hold. `trace` gets a list with each one's text, result and operands;
    /// all are looked at, also after one has failed.
    ///
    /// What nobody knows does not hold, nor does its opposite: the value of a device that is
    /// offline, one that was not reported or is not known any more, an expression with an error.
    /// Such a condition has an "error" in the trace that tells why.
    bool check(Value& trace) const;

    /// An expression's value, with the names of `with` and `trigger`. Errors: those of templates.
    Result<Value> evaluate(const templating::Template& expression) const;
    /// The same as text. Errors: limit where it is longer than Limits::text_bytes.
    Result<std::string> render(const templating::Template& text) const;
    /// What an action sets: the value as written, or its expression's, in the attribute's type.
    Result<Value> value_of(const SetValue& set, const home::AttributeSpec& spec) const;

private:
    enum class Truth : std::uint8_t { no, yes, unknown };
    Truth check(const Condition& condition, Value& trace) const;
    bool test(const AttributeCondition& condition, ValueMap& operands, std::string& error) const;
    bool test(const OnlineCondition& condition, ValueMap& operands, std::string& error) const;
    bool test(const TimeCondition& condition, ValueMap& operands, std::string& error) const;
    bool test(const SunCondition& condition, ValueMap& operands, std::string& error) const;
    bool test(const ExpressionCondition& condition, ValueMap& operands, std::string& error) const;
    Truth check_group(const GroupCondition& group, ValueMap& trace) const;
    void put_operands(const templating::Template& expression, ValueMap& operands) const;
    std::string offline_text(const home::Device& device) const;
    std::string offline_names(const templating::Template& expression) const;

    /// Whether a device that is offline has its last values, or only `online`.
    enum class Values : std::uint8_t { all, of_those_online };
    /// Calls `use` with a scope that holds those names that the expression reads.
    template <class Use>
    auto with_scope(const templating::Template& expression, Values values, Use&& use) const;
    Result<Value> evaluate(const templating::Template& expression, Values values) const;

    const Definition& definition_;
    const Value& trigger_;
    const Around& around_;
};

/// Cuts texts in a value to what a trace keeps.
Value shortened(const Value& value, std::size_t bytes);

} // namespace hearth::automations

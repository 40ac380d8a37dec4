#include "home/home.h"

#include <algorithm>
#include <cmath>

/// Commands whose device is on its way: a curtain that moves, a bolt that turns, a robot that goes
/// home. Their deadline waits, up to HomeLimits::under_way_at_most from when they first were.
///
/// What counts is what the device has told since the command was issued: a word that stands there
/// from long ago is no movement.
namespace hearth::home {
namespace {

const catalog::AttributeInfo* meaning_of(const Path& path) {
    return catalog::Catalog::builtin().find(path.capability_attribute());
}

/// Whether a number has come nearer to what was asked for, or gone away from it; neither where it
/// has not changed.
enum class Step { none, nearer, away };

Step step_of(const Ask& ask, const std::vector<Change>& changes) {
    const auto change = std::ranges::find(changes, ask.path, &Change::path);
    if (change == changes.end() || !change->before.is_number() || !ask.value.is_number())
        return Step::none;
    const double wanted = ask.value.number_or(0);
    const double before = std::abs(wanted - change->before.number_or(wanted));
    const double after = std::abs(wanted - change->after.number_or(wanted));
    return after < before ? Step::nearer : Step::away;
}

} // namespace

void Home::look_at_progress(const DeviceId& device, EventId event,
                            const std::vector<Change>& changes) {
    const std::vector<CommandId> waiting = find(device)->open_commands;
    for (const CommandId id : waiting)
        if (open_.contains(id)) follow(id, Cause::of_device(device, event), changes);
}

/// What the device's words say, of those that it has told since the command was issued.
Home::Told Home::told_by_words(const OpenCommand& open, const Device& device, const Ask& ask,
                               EventId event) const {
    Told told;
    const catalog::AttributeInfo* info = meaning_of(ask.path);
    if (info == nullptr) return told;
    for (const catalog::UnderWay& way : info->under_way) {
        const Attribute* by = device.find(beside(ask.path, way.by).text);
        if (by == nullptr || by->reported_in <= open.issued_in) continue;
        const bool on_its_way =
            std::ranges::find(way.is, by->reported.string_or("")) != way.is.end() &&
            (way.to.empty() || ask.value == Value(way.to));
        told.on_its_way = told.on_its_way || on_its_way;
        told.just_now = told.just_now || by->reported_in == event;
    }
    return told;
}

void Home::follow(CommandId id, const Cause& cause, const std::vector<Change>& changes) {
    OpenCommand& open = open_.at(id);
    const Device* device = find(open.command.device);
    bool word = false;
    bool nearer = false;
    bool away = false;
    for (const Ask& ask : open.command.asks) {
        const catalog::AttributeInfo* info = meaning_of(ask.path);
        if (fulfilled_by(*device, ask.path, ask.value) != nullptr) continue;
        const Told told = told_by_words(open, *device, ask, cause.event);
        word = word || told.on_its_way;
        const Step step = info != nullptr && info->gradual ? step_of(ask, changes) : Step::none;
        // "Stopped" beside the last step counts for more than the step.
        nearer = nearer || (step == Step::nearer && !told.just_now);
        away = away || step == Step::away;
    }
    if (!device->online) {
        if (open.under_way) set_under_way(open, false, cause);
        return;
    }
    if (word || nearer) {
        open.by_word = word;
        return set_under_way(open, true, cause);
    }
    // A word ends what a word began; a mere number ends with a step away, or with the deadline.
    if (open.under_way && (open.by_word || away)) set_under_way(open, false, cause);
}

/// While a word says so the deadline waits; after each step, and once it has stopped short, the
/// device has its time anew. All of it ends `under_way_at_most` after it began.
void Home::set_under_way(OpenCommand& open, bool under_way, const Cause& cause) {
    const Micros now = clock_.steady();
    if (open.begun == 0) open.begun = now;
    const Micros last = open.begun + limits_.under_way_at_most;
    const Micros due = under_way && open.by_word ? last : std::min(now + open.patience, last);
    const bool shortened = open.under_way && !under_way;
    if (due > open.due || shortened) schedule(open, std::max(due, open.first_due));
    if (open.under_way == under_way) return;
    journal_and_apply(cause, CommandUnderWay{open.command.id, open.command.device, under_way});
}

void Home::unschedule(const OpenCommand& open) {
    const auto [first, last] = due_.equal_range(open.due);
    for (auto due = first; due != last; ++due)
        if (due->second == open.command.id) {
            due_.erase(due);
            return;
        }
}

void Home::schedule(OpenCommand& open, Micros due) {
    unschedule(open);
    open.due = due;
    due_.emplace(due, open.command.id);
}

} // namespace hearth::home

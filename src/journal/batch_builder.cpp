#include "journal/batch_builder.h"

#include <algorithm>
#include <utility>

namespace hearth::journal {
namespace {

bool is_full(const Batch& batch, std::size_t bytes, std::size_t more, const BatchLimits& limits) {
    if (batch.records.empty()) return false;
    return batch.records.size() >= limits.records || bytes + more > limits.bytes;
}

void add(Batch& batch, const Record& record) {
    batch.records.push_back(
        {record.sequence, record.kind, record.version, record.state, std::string(record.payload)});
}

} // namespace

BatchBuilder::BatchBuilder(const ReadRequest& request)
    : limits_(request.limits)
    , expected_(request.after + 1)
    , up_to_(request.up_to)
    , fresh_(request.fresh) {}

BatchBuilder::Next BatchBuilder::consider(Sequence sequence, Kind kind, std::size_t bytes) {
    if (sequence < expected_) return Next::pass;
    if (sequence > up_to_) {
        // What was promised stands before it, or nowhere.
        if (!is_done()) (void)lose(up_to_);
        return Next::stop;
    }
    if (sequence > expected_ && !lose(sequence - 1)) return Next::stop;
    if (is_nobodys(kind)) {
        expected_ = sequence + 1;
        return Next::pass;
    }
    if (is_full(answer_.batch, bytes_, bytes, limits_)) {
        answer_.batch.more = true;
        return Next::stop;
    }
    return Next::take;
}

/// From the one expected to `last`. One batch tells one range, before its records.
bool BatchBuilder::lose(Sequence last) {
    Batch& batch = answer_.batch;
    if (!fresh_ && (batch.lost || !batch.records.empty())) {
        batch.more = true;
        return false;
    }
    if (!fresh_) batch.lost = SequenceRange{expected_, last};
    expected_ = last + 1;
    return true;
}

void BatchBuilder::take(const Record& record) {
    add(answer_.batch, record);
    bytes_ += record.payload.size();
    expected_ = record.sequence + 1;
    fresh_ = false;
}

void BatchBuilder::never_was(Sequence up_to) {
    expected_ = std::max(expected_, up_to + 1);
}

ReadAnswer BatchBuilder::finish(bool at_end) {
    if (at_end && !is_done()) (void)lose(up_to_);
    Batch& batch = answer_.batch;
    if (!batch.records.empty())
        batch.last = batch.records.back().sequence;
    else if (batch.lost)
        batch.last = batch.lost->last;
    answer_.seen = expected_ - 1;
    return std::move(answer_);
}

StateBuilder::StateBuilder(const ReadRequest& request, bool begins)
    : limits_(request.limits) {
    batch_.state_begins = begins;
    batch_.more = true;
}

bool StateBuilder::take(const Record& record) {
    if (is_nobodys(record.kind)) return true;
    if (is_full(batch_, bytes_, record.payload.size(), limits_)) return false;
    add(batch_, record);
    batch_.records.back().state = true;
    bytes_ += record.payload.size();
    return true;
}

void StateBuilder::ends(Sequence state_of) {
    batch_.state_ends = true;
    batch_.more = false;
    batch_.last = state_of;
}

ReadAnswer StateBuilder::finish() {
    return {std::move(batch_), 0};
}

} // namespace hearth::journal

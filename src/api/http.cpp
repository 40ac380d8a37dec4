#include "api/http.h"

#include "base/text.h"

#include <utility>

namespace hearth::api {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

} // namespace

std::string percent_decoded(std::string_view text, bool plus_is_space) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
        if (text[i] == '%' && high >= 0 && low >= 0) {
            out += static_cast<char>(high << 4 | low);
            i += 2;
        } else {
            out += plus_is_space && text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

bool names_etag(std::string_view if_none_match, std::string_view etag) {
    for (std::string_view part : split(if_none_match, ',')) {
        part = trim(part);
        if (part.starts_with("W/")) part.remove_prefix(2);
        if (part == etag || part == "*") return true;
    }
    return false;
}

std::string_view cookie_value(std::string_view header, std::string_view name) {
    for (std::string_view pair : split(header, ';')) {
        pair = trim(pair);
        if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
            return pair.substr(name.size() + 1);
    }
    return {};
}

struct Responder::State {
    Answer answer;

    ~State() {
        if (answer) answer({500, "text/plain", "no answer\n", {}, nullptr});
    }
};

Responder::Responder(Answer answer)
    : state_(std::make_shared<State>(std::move(answer))) {}

void Responder::operator()(Response response) const {
    Answer answer = std::exchange(state_->answer, nullptr);
    if (!answer) return;
    if (look_ != nullptr) (*look_)(response);
    answer(std::move(response));
}

Responder Responder::watched(std::function<void(const Response&)> look) const {
    Responder same = *this;
    same.look_ = std::make_shared<const std::function<void(const Response&)>>(std::move(look));
    return same;
}

bool Responder::is_done() const {
    return state_->answer == nullptr;
}

std::function<void()> Responder::abandoner() const {
    return [waiting = std::weak_ptr(state_)] {
        // What the answer holds goes last, when nothing of this is needed any more.
        if (const auto state = waiting.lock())
            const Answer dropped = std::exchange(state->answer, nullptr);
    };
}

} // namespace hearth::api

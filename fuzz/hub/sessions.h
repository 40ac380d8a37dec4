#pragma once

#include "base/time.h"
#include "hub/expected.h"
#include "hub/words.h"

#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::hub_fuzz {

/// A message that the broker has accepted.
struct Publication {
    Said said;
    std::size_t qos = 0;
    bool retain = false;
    Micros expires_at = 0;    ///< UTC; 0: never
    Micros swept_by = 0;      ///< steady: when the broker has forgotten it at the latest
    std::string owner;        ///< the credential, or hearth_for() one
    std::uint64_t number = 0; ///< hearth's own; 0 for none
    bool accepts = true;      ///< whether the journal takes what is to be kept
    bool must = true;         ///< else it may have been a message that was taken before
    Window window;
};

/// A PUBLISH as a client got it.
struct Delivery {
    Said said;
    std::size_t qos = 0;
    bool retain = false;
    bool duplicate = false;
};

struct RetainedMessage {
    std::string payload; ///< empty: nothing is retained
    std::string owner;
    Micros expires_at = 0;
    Micros swept_by = 0;
    std::size_t qos = 0;
    Window window;
    bool has_expired = false; ///< once, though the wall clock may have been set back
};

/// How the model names hearth where it speaks on behalf of a credential.
inline std::string hearth_for(std::string_view credential) {
    return "hearth for " + std::string(credential);
}

/// What the clients of a broker may see, and what they must: the standard and broker.h, with no
/// packet, tree, window, queue or timer. A client has one session; it is known by its index.
class Sessions {
public:
    // --- Rights -------------------------------------------------------------------------------

    std::set<std::string, std::less<>> known; ///< credentials that there are
    bool may_publish(std::string_view credential, std::string_view topic) const;
    bool may_subscribe(std::string_view credential, std::string_view filter) const;

    // --- What happens -------------------------------------------------------------------------

    void connect(std::size_t client, bool clean, bool kept, const Window& window);
    void disconnect(std::size_t client);
    /// What its client does not read may wait or be dropped.
    void set_reads(std::size_t client, bool reads) { sessions_[client].reads = reads; }
    enum class Answer { yes, no, either };
    /// Each filter of a packet once, however often it stands there.
    void subscribe(std::size_t client, const std::string& filter, std::size_t qos, Micros utc,
                   const Window& window);
    void unsubscribe(std::size_t client, const std::string& filter, const Window& window);
    void publish(const Publication& publication);
    /// The broker took a QoS 2 message of that identifier, or lets go of it.
    void hold(std::size_t client, std::uint16_t id, const Window& window);
    void release(std::size_t client, std::uint16_t id) { sessions_[client].held.erase(id); }
    void hand_retained(const std::string& topic, const std::string& owner, const Window& window);
    void revoke(const std::string& credential, const Window& window);
    void leave_will(const std::string& payload) { wills_.insert(payload); }
    void forget_will(const std::string& payload) { wills_.erase(payload); }
    /// The wall clock was set: when the broker sweeps is its own matter for a while.
    void clock_was_set(Micros swept_by);
    /// The hub has died; records up to `mark` have survived.
    void die(journal::Sequence mark);

    // --- What is predicted --------------------------------------------------------------------

    Answer is_present(std::size_t client) const;
    Answer will_grant(std::size_t client, const std::string& filter, bool accepts) const;
    Answer holds(std::size_t client, std::uint16_t id) const;
    /// Why a client must not have got this, or nothing.
    std::string take(std::size_t client, const Delivery& delivery);
    /// What is missing of what a client that is connected and reads must have got, or nothing.
    std::string missing(std::size_t client) const;
    /// Compares with what the broker has, and takes over what is not known after a death.
    std::string check_retained(const std::map<std::string, RetainedMessage>& actual, Micros utc);
    /// So many may be there, those included that have expired and wait to be swept.
    std::size_t most_retained(Micros utc, Micros steady);
    /// What a client has retained on a topic, or nothing.
    std::string retained_by_client(const std::string& topic) const;
    bool is_kept(std::size_t client) const { return sessions_[client].kept; }
    bool is_numbered(std::size_t client) const { return sessions_[client].numbered; }
    bool exists(std::size_t client) const { return sessions_[client].exists; }

private:
    struct Subscription {
        std::size_t qos = 0;
        bool removed = false;
        bool sure = true; ///< else a death has left it open
        Window window;
    };
    struct Owed {
        Said said;
        std::size_t qos = 0;
        bool any_qos = false;
        std::string filter;
        bool must = true;
    };
    struct Held {
        Window window;
        bool sure = true;
    };
    struct Session {
        bool exists = false;
        bool kept = false;     ///< outlives its connection
        bool numbered = false; ///< is in the journal
        bool replaces = false; ///< one that was in the journal
        bool connected = false;
        bool reads = true;
        bool wild = false; ///< it is not known what became of it: all that it may hear may come
        Window opened;
        std::map<std::string, Subscription> subscriptions;
        std::array<Expected, 3> expected; ///< by QoS
        std::vector<Owed> owed;           ///< retained messages
        std::set<Said> told;              ///< retained messages that have come
        bool may_be_told_again = false;
        std::map<std::uint16_t, Held> held;
    };
    struct Reach {
        bool matches = false;
        bool sure = true;
        std::size_t qos = 0;
    };

    static Reach reach(const Session& session, const std::string& topic);
    /// Whether the message is sure to be given to the session.
    bool give(Session& session, const Publication& publication, const Reach& reach, bool again);
    void retain(const Publication& publication);
    void die(Session& session, journal::Sequence mark);
    template <class Key>
    static void forget_lost(std::map<Key, Held>& all, journal::Sequence mark);

    std::array<Session, clients.size()> sessions_;
    std::map<std::string, std::vector<RetainedMessage>> retained_; ///< the last is what there is
    bool unsure_ = false; ///< a death has left open what is retained: all versions may be
    std::map<std::uint64_t, Held> numbers_;
    std::set<std::string> wills_;
};

} // namespace hearth::hub_fuzz

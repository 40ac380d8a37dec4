#pragma once

#include "base/random.h"
#include "store/files.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

/// A file system in memory that fails at a call of the test's choosing and loses power. For tests.
///
/// It knows of each file what is visible and what is on the "disk". A power cut keeps what was
/// synced, and of the rest an arbitrary choice of 512-byte sectors, sizes and names: everything
/// that a real disk may do, short of damaging what it has promised.
namespace hearth::store::testing {

class SimulatedDisk final : public Files {
public:
    struct Trouble {
        std::size_t first = 0; ///< the number of the first call that fails, from 1; 0: none
        std::size_t count = 1; ///< how many fail in a row
        Code code = Code::io;
    };

    explicit SimulatedDisk(std::uint64_t seed = 1)
        : random_(seed) {}

    void fail_at(const Trouble& trouble) { trouble_ = trouble; }
    /// Calls so far that may fail: every one but those that only read.
    std::size_t calls() const { return calls_; }
    /// What the first failing call was; empty where none failed.
    const std::string& failed_on() const { return failed_on_; }

    /// Everything that was not synced may be gone. Files that are open must not be used any more.
    void cut_power() {
        std::map<std::string, std::shared_ptr<Node>> names = durable_names_;
        for (const auto& [name, change] : pending_names_) {
            if ((random_.next() & 1) != 0) break;
            change ? void(names[name] = change) : void(names.erase(name));
        }
        for (const auto& [name, node] : names)
            node->now = node->durable = settled(*node);
        names_ = durable_names_ = names;
        pending_names_.clear();
        trouble_ = {};
    }
    /// The process died; the operating system goes on.
    void kill() { trouble_ = {}; }

    static constexpr std::uint64_t bad_sector = 4096;
    /// From now on these bytes of a file cannot be read, until they are written anew elsewhere.
    void spoil(const std::string& path, std::uint64_t sector) {
        names_.at(path)->bad.insert(sector);
    }
    /// There is room for so many bytes in all files together; what needs more is told so.
    void limit_to(std::uint64_t bytes) { room_ = bytes; }
    std::uint64_t used() const {
        std::uint64_t sum = 0;
        for (const auto& [name, node] : names_)
            sum += node->now.size();
        return sum;
    }
    /// The n-th read or list from now on fails, once.
    void fail_read(std::size_t n) {
        reads_ = 0;
        failing_read_ = n;
    }
    std::size_t reads() const { return reads_; }
    /// Bytes asked for by all reads so far.
    std::uint64_t read_bytes() const { return read_bytes_; }
    void remove_quietly(const std::string& path) {
        names_.erase(path);
        durable_names_.erase(path);
    }

    std::string& bytes_of(const std::string& path) { return names_.at(path)->now; }

    SimulatedDisk copy() const {
        SimulatedDisk other(1);
        for (const auto& [name, node] : names_)
            other.names_[name] = std::make_shared<Node>(*node);
        other.durable_names_ = other.names_;
        other.folders_ = folders_;
        return other;
    }

    Result<std::unique_ptr<File>> open(const std::string& path, Mode mode) override {
        const auto found = names_.find(path);
        if (found != names_.end()) return std::make_unique<Handle>(*this, found->second);
        if (mode != Mode::create) return fail(Code::not_found, "{}: no such file", path);
        const auto allowed = step("open");
        if (!allowed) return std::unexpected(allowed.error());
        auto node = std::make_shared<Node>();
        name(path, node);
        return std::make_unique<Handle>(*this, node);
    }
    Result<std::vector<std::string>> list(const std::string& folder) override {
        if (!folders_.contains(folder)) return fail(Code::not_found, "{}: no such folder", folder);
        ++reads_;
        if (reads_ == failing_read_) return fail(Code::io, "list: as the test ordered");
        std::vector<std::string> names;
        for (const auto& [path, node] : names_)
            if (path.starts_with(folder + "/")) names.push_back(path.substr(folder.size() + 1));
        return names;
    }
    Result<void> make_folder(const std::string& path) override {
        folders_.insert(path);
        return {};
    }
    Result<void> rename(const std::string& from, const std::string& to) override {
        const auto allowed = step("rename");
        if (!allowed) return allowed;
        const auto node = names_.at(from);
        name(to, node);
        name(from, nullptr);
        return {};
    }
    Result<void> remove(const std::string& path) override {
        const auto allowed = step("remove");
        if (allowed && names_.contains(path)) name(path, nullptr);
        return allowed;
    }
    Result<void> sync_folder(const std::string&) override {
        const auto allowed = step("sync_folder");
        if (!allowed) return allowed;
        durable_names_ = names_;
        pending_names_.clear();
        return {};
    }

private:
    struct Node {
        std::string now;
        std::string durable;
        std::set<std::uint64_t> bad; ///< sectors of 4,096 bytes that cannot be read
    };

    class Handle final : public File {
    public:
        Handle(SimulatedDisk& disk, std::shared_ptr<Node> node)
            : disk_(disk)
            , node_(std::move(node)) {}

        Result<std::string> read(std::uint64_t offset, std::size_t length) override {
            const auto allowed = disk_.read_step(*node_, offset, length);
            if (!allowed) return std::unexpected(allowed.error());
            if (offset >= node_->now.size()) return std::string();
            return node_->now.substr(offset, length);
        }
        Result<void> write(std::uint64_t offset, std::string_view bytes) override {
            auto allowed = disk_.step("write");
            if (allowed) allowed = disk_.claim(*node_, offset + bytes.size());
            // A write that fails has got somewhere.
            if (!allowed) bytes = bytes.substr(0, disk_.random_.next() % (bytes.size() + 1));
            if (node_->now.size() < offset + bytes.size())
                node_->now.resize(offset + bytes.size(), '\0');
            node_->now.replace(offset, bytes.size(), bytes);
            return allowed;
        }
        Result<void> sync() override {
            const auto allowed = disk_.step("sync");
            if (allowed) node_->durable = node_->now;
            return allowed;
        }
        Result<void> allocate(std::uint64_t size) override {
            auto allowed = disk_.step("allocate");
            if (allowed) allowed = disk_.claim(*node_, size);
            if (allowed && node_->now.size() < size) node_->now.resize(size, '\0');
            return allowed;
        }
        Result<void> truncate(std::uint64_t size) override {
            const auto allowed = disk_.step("truncate");
            if (allowed) node_->now.resize(size, '\0');
            return allowed;
        }
        Result<void> clear(std::uint64_t from) override {
            const auto allowed = disk_.step("clear");
            if (allowed && from < node_->now.size())
                node_->now.replace(from, std::string::npos, node_->now.size() - from, '\0');
            return allowed;
        }
        Result<std::uint64_t> size() override { return node_->now.size(); }

    private:
        SimulatedDisk& disk_;
        std::shared_ptr<Node> node_;
    };

    Result<void> claim(const Node& node, std::uint64_t size) {
        if (size <= node.now.size() || used() - node.now.size() + size <= room_) return {};
        return fail(Code::unavailable, "No space left on device");
    }

    Result<void> read_step(const Node& node, std::uint64_t offset, std::size_t length) {
        ++reads_;
        read_bytes_ += length;
        if (reads_ == failing_read_) return fail(Code::io, "read: as the test ordered");
        for (const std::uint64_t sector : node.bad)
            if (sector * bad_sector < offset + length && offset < (sector + 1) * bad_sector)
                return fail(Code::io, "read: bad sector {}", sector);
        return {};
    }

    Result<void> step(std::string_view what) {
        ++calls_;
        if (trouble_.first == 0 || calls_ < trouble_.first) return {};
        if (calls_ - trouble_.first >= trouble_.count) return {};
        if (failed_on_.empty()) failed_on_ = what;
        return fail(trouble_.code, "{}: as the test ordered", what);
    }

    void name(const std::string& path, const std::shared_ptr<Node>& node) {
        node ? void(names_[path] = node) : void(names_.erase(path));
        pending_names_.emplace_back(path, node);
    }

    std::string settled(const Node& node) {
        constexpr std::size_t sector = 512;
        const auto size = (random_.next() & 1) != 0 ? node.now.size() : node.durable.size();
        std::string out(size, '\0');
        for (std::size_t at = 0; at < size; at += sector) {
            const std::string& from = (random_.next() & 1) != 0 ? node.now : node.durable;
            if (at >= from.size()) continue;
            const auto length = std::min({sector, size - at, from.size() - at});
            out.replace(at, length, from, at, length);
        }
        return out;
    }

    SeededRandom random_;
    std::map<std::string, std::shared_ptr<Node>> names_;
    std::map<std::string, std::shared_ptr<Node>> durable_names_;
    /// Changes of names since the last sync_folder(), in order; nullptr: removed.
    std::vector<std::pair<std::string, std::shared_ptr<Node>>> pending_names_;
    std::set<std::string> folders_;
    Trouble trouble_;
    std::size_t calls_ = 0;
    std::uint64_t room_ = ~std::uint64_t{0};
    std::size_t reads_ = 0;
    std::uint64_t read_bytes_ = 0;
    std::size_t failing_read_ = 0;
    std::string failed_on_;
};

} // namespace hearth::store::testing

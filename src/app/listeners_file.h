#pragma once

#include "base/value.h"
#include "store/data_folder.h"

namespace hearth::app {

/// Writes DIR/hub.json, by which the command line of this machine finds a home: where it listens
/// and the version. A full disk is no reason to leave a home without its hub: the room of the old
/// file may be enough, else it goes on without, and says so in the log. Errors: io.
Result<void> announce_listeners(const store::DataFolder& folder, Value listeners);

} // namespace hearth::app

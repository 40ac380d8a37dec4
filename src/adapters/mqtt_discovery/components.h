#pragma once

#include "adapters/mqtt_discovery/config_reader.h"
#include "adapters/mqtt_discovery/entity.h"

#include <memory>

/// The rules of each component, one file each: what its options mean, which of hearth's words its
/// values are, how it is commanded. The rules are those of Home Assistant's documentation of the
/// component (https://www.home-assistant.io/integrations/COMPONENT.mqtt/).
namespace hearth::mqtt_discovery {

/// Makes the entity of a component. Components that hearth does not know become untyped attributes
/// as far as they have a topic to read or to set. Errors: invalid, with the option that makes no
/// sense; refused, for what has nothing to read or to set, or is not supported yet; limit.
Result<std::unique_ptr<Entity>> make_entity(const Identity& identity, ConfigReader& config);

/// Each reads its options; what is wrong is left in `config`. Null only then.
using MadeEntity = std::unique_ptr<Entity>;
MadeEntity make_alarm_control_panel(const Identity& identity, ConfigReader& config);
MadeEntity make_binary_sensor(const Identity& identity, ConfigReader& config);
MadeEntity make_button(const Identity& identity, ConfigReader& config);
MadeEntity make_climate(const Identity& identity, ConfigReader& config);
MadeEntity make_cover(const Identity& identity, ConfigReader& config);
MadeEntity make_device_automation(const Identity& identity, ConfigReader& config);
MadeEntity make_event(const Identity& identity, ConfigReader& config);
MadeEntity make_fan(const Identity& identity, ConfigReader& config);
MadeEntity make_humidifier(const Identity& identity, ConfigReader& config);
MadeEntity make_lawn_mower(const Identity& identity, ConfigReader& config);
MadeEntity make_light(const Identity& identity, ConfigReader& config);
MadeEntity make_light_with_topics(const Identity& identity, ConfigReader& config);
MadeEntity make_light_with_json(const Identity& identity, ConfigReader& config);
MadeEntity make_light_with_templates(const Identity& identity, ConfigReader& config);
MadeEntity make_lock(const Identity& identity, ConfigReader& config);
MadeEntity make_number(const Identity& identity, ConfigReader& config);
MadeEntity make_other(const Identity& identity, ConfigReader& config);
MadeEntity make_scene(const Identity& identity, ConfigReader& config);
MadeEntity make_select(const Identity& identity, ConfigReader& config);
MadeEntity make_sensor(const Identity& identity, ConfigReader& config);
MadeEntity make_siren(const Identity& identity, ConfigReader& config);
MadeEntity make_switch(const Identity& identity, ConfigReader& config);
MadeEntity make_tag(const Identity& identity, ConfigReader& config);
MadeEntity make_text(const Identity& identity, ConfigReader& config);
MadeEntity make_update(const Identity& identity, ConfigReader& config);
MadeEntity make_vacuum(const Identity& identity, ConfigReader& config);
MadeEntity make_valve(const Identity& identity, ConfigReader& config);

} // namespace hearth::mqtt_discovery

"""scripts/check-device-types finds device types that are named beside the catalogue: each table that
once was is put back into a small tree made for it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# What means something else, though the words are those of types.
CLEAN = {
    "src/adapters/mqtt_discovery/other.cpp": """
        // a comment may say device.type == "light", or "motion_sensor"
        constexpr Row rows[] = {{"light", make_light}, {"lock", make_lock}, {"fan", make_fan}};
        constexpr Row classes[] = {{"smoke", "smoke.detected"}, {"door", "contact.open"}};
        if (component.identity.platform == "lock") return;
        if (spec.type == "boolean") return;""",
    "src/language/turn.cpp": 'if (domain == "cover") set(part, "cover.position", 100);\n',
    "src/language/turn_test.cpp": 'add("motion_sensor", {"lock.state", "lock"});\n',
    "src/simulator/plan.cpp": 'if (kind == "motion_sensor") return;\n',
    "ui/src/shape.ts": """
        const iconsByCapability = [['lock', 'lock'], ['cover', 'cover'], ['fan', 'fan']];
        /* device.type === 'light' */
        if (spec.type === 'boolean') x = html`<button type="button">`;
        const first = ['on_off.on', 'lock.state', 'media.state'];""",
    "ui/src/catalogue.ts": "const known = types.get(device.type);\n",
}

FAULTS = {
    "types by platform": (
        {"src/adapters/mqtt_discovery/t.cpp": '{"lock", "lock"},\n{"alarm_control_panel", "alarm_panel"},\n'},
        'src/adapters/mqtt_discovery/t.cpp:2: names the device type "alarm_panel"',
    ),
    "types by a cover's class": (
        {"src/adapters/mqtt_discovery/t.cpp": '{{"garage", "garage_door"}, {"gate", "gate"}, {"door", "door"}}'},
        'src/adapters/mqtt_discovery/t.cpp:1: names the device type "garage_door"',
    ),
    "types by what a device tells": (
        {"src/adapters/mqtt_discovery/t.cpp": '{"smoke.detected", "smoke_sensor"},\n'},
        'src/adapters/mqtt_discovery/t.cpp:1: names the device type "smoke_sensor"',
    ),
    "a sentence that knows a type": (
        {"src/language/names.cpp": 'if (part.device.type == "light" || (switches && shines))\n'},
        'src/language/names.cpp:1: compares a type with "light"',
    ),
    "a type on the other side": (
        {"src/assistant/a.cpp": 'if ("fan" != device->type) return;\n'},
        'src/assistant/a.cpp:1: compares a type with "fan"',
    ),
    "domains by attribute": (
        {"src/language/names.cpp": 'pairs{{\n    {"lock.state", "lock"},\n'},
        'src/language/names.cpp:2: calls what has lock.state "lock"',
    ),
    "states by domain": (
        {"src/language/capabilities.cpp": '{"climate", "thermostat.mode"},\n'},
        'src/language/capabilities.cpp:1: calls what has thermostat.mode "climate"',
    ),
    "attributes by class": (
        {"src/language/capabilities.cpp": '{"window", "contact.open"},\n'},
        'src/language/capabilities.cpp:1: calls what has contact.open "window"',
    ),
    "icons by type": (
        {"ui/src/device_shape.ts": "const icons: Record<string, string> = {\n  light: 'light',\n  washer: 'appliance',\n"},
        'ui/src/device_shape.ts:3: names the device type "washer"',
    ),
    "a table that is asked by type": (
        {"ui/src/device_shape.ts": "const byType = iconsByType[device.type];\n"},
        "ui/src/device_shape.ts:1: iconsByType is asked by a device's type",
    ),
    "a page that knows a type": (
        {"ui/src/device_shape.ts": "  if (device.type === 'lock' || 'lock' in device.reported) {\n"},
        'ui/src/device_shape.ts:1: compares a type with "lock"',
    ),
    "an icon that the page does not have": (
        {"ui/src/icons.ts": "  light: svg``,\n"},
        "catalog/device_types.yaml:3: lock: icons.ts has no lock",
    ),
    "a type without an icon": (
        {"catalog/device_types.yaml": "types:\n  light: {}\n"},
        "catalog/device_types.yaml:2: light: icon is missing",
    ),
}

SMALL_CATALOGUE = {
    "catalog/device_types.yaml": "types:\n  light: {icon: light}\n  lock: {icon: lock}\n",
    "catalog/capabilities.yaml": "on_off:\n  on: {type: boolean}\n",
    "ui/src/icons.ts": "  light: svg``,\n  lock: svg``,\n",
}


def check(tree, files):
    """(exit code, lines) of the check over a tree of these files."""
    for name, text in files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/check-device-types", tree],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()


@pytest.fixture
def tree(tmp_path):
    """A tree with the house's own catalogue and icons."""
    shutil.copytree(ROOT / "catalog", tmp_path / "catalog")
    (tmp_path / "ui/src").mkdir(parents=True)
    shutil.copy(ROOT / "ui/src/icons.ts", tmp_path / "ui/src/icons.ts")
    return tmp_path


def test_words_that_mean_something_else_are_left_alone(tree):
    assert check(tree, CLEAN) == (0, [])


@pytest.mark.parametrize("files, fault", FAULTS.values(), ids=FAULTS.keys())
def test_each_table_that_is_put_back_is_named_with_its_line(tree, files, fault):
    around = CLEAN if files.keys().isdisjoint(SMALL_CATALOGUE) else SMALL_CATALOGUE
    assert check(tree, {**around, **files}) == (1, [fault])


def test_the_house_itself_names_types_in_the_catalogue_alone():
    assert check(ROOT, {}) == (0, [])

"""The page in a real browser, over a real hub with simulated devices, on a phone and on a desktop.

Each test plays one scenario of ui/tests/scenarios (see there for what people do and see); the browser
is Debian's Chromium. A scenario fails too where the page writes an error to the console, gets an
answer that is one (a 401, a missing favicon), or asks another host.
"""

import pytest

from hub import ROOT, Hub, eventually
from page import Page


class Home(Page):
    """A hub with the demo home and its simulated devices."""

    simulator = None

    def simulate(self):
        """Starts the devices and waits until all are known."""
        self.simulator = self.hub.simulate(ROOT / "homes/demo.yaml")
        eventually(lambda: self.online() == 8, timeout_s=30)

    def online(self):
        return sum(device["online"] for device in self.hub.devices().values())


@pytest.fixture(scope="module", params=["desktop", "phone"])
def home(request, program, tmp_path_factory):
    """Shared by the tests of one viewport, in the order of this file: the first claims it."""
    folder = tmp_path_factory.mktemp(f"page-{request.param}")
    hub = Hub(folder / "data", "--home", ROOT / "homes/demo.yaml", program=program)
    hub.start()
    try:
        home = Home(hub, request.param, folder)
        home.simulate()
        yield home
    finally:
        hub.close()


def test_a_wrong_claim_code_is_refused_with_words(home):
    home.play("wrong_code")


def test_the_first_person_claims_the_home_and_a_new_tab_is_signed_in_too(home):
    home.play("claim")


def test_a_switch_shows_in_every_window_and_works_with_the_keyboard(home):
    home.play("switch")


def test_devices_are_drawn_as_the_catalogue_says(home):
    home.play("drawn")


def test_sliders_set_brightness_colour_and_the_curtain(home):
    home.play("slide")


def test_the_door_unlocks_only_after_a_second_yes(home):
    home.play("lock")


def test_a_device_is_renamed_and_moved_in_place(home):
    home.play("rename")
    assert home.hub.devices()["Espresso machine"]["area"] == "Living room"


def test_sentences_in_three_languages_do_what_they_say(home):
    home.play("say")


def test_a_rule_from_the_builder_fires_and_shows_its_trace(home):
    home.play("rule")


def test_a_cause_is_followed_back_to_who_asked(home):
    home.play("cause")


def test_devices_that_went_away_are_shown_as_offline(home):
    home.simulator.end()
    eventually(lambda: home.online() == 0, timeout_s=30)
    home.play("offline")

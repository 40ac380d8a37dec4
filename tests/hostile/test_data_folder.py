"""A data folder in which somebody was before the hub: what he put there gives him nothing."""

import os
import stat

import pytest

PLANTED = "A" * 43


def plant(hub, text, mode):
    hub.data.mkdir(mode=0o700)
    hub.data.chmod(0o777)
    token = hub.data / "admin.token"
    token.write_text(text)
    token.chmod(mode)
    return token


def lets_in(hub, token):
    status, _ = hub.http(
        "GET", "/api/v1/devices", headers={"Authorization": f"Bearer {token}"}, token=False
    )
    return status == 200


def assert_replaced(hub, planted):
    token = hub.data / "admin.token"
    assert not lets_in(hub, planted)
    assert lets_in(hub, hub.token()) and len(hub.token()) == 43
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    assert token.stat().st_uid == os.geteuid()
    assert stat.S_IMODE(hub.data.stat().st_mode) == 0o700
    hub.process.says("it is not believed")


@pytest.mark.parametrize("mode", [0o666, 0o640, 0o604])
def test_a_token_that_others_may_know_is_replaced(make_hub, mode):
    hub = make_hub()
    plant(hub, PLANTED, mode)
    hub.start()
    assert_replaced(hub, PLANTED)


@pytest.mark.parametrize("text", ["x", "secret\n", "A" * 42, "A" * 42 + "!", "A" * 44, "\n"])
def test_a_token_that_is_no_key_is_replaced(make_hub, text):
    hub = make_hub()
    plant(hub, text, 0o600)
    hub.start()
    assert_replaced(hub, text.strip() or "x")


def test_a_token_of_another_user_is_replaced(make_hub):
    if os.geteuid() != 0:
        pytest.skip("needs root to give a file away")
    hub = make_hub()
    os.chown(plant(hub, PLANTED, 0o600), 65534, 65534)
    hub.start()
    assert_replaced(hub, PLANTED)


def test_a_token_that_points_elsewhere_is_replaced_and_the_other_file_left_alone(make_hub, tmp_path):
    other = tmp_path / "other"
    other.write_text(PLANTED)
    other.chmod(0o600)
    hub = make_hub()
    hub.data.mkdir(mode=0o700)
    (hub.data / "admin.token").symlink_to(other)
    hub.start()
    assert_replaced(hub, PLANTED)
    assert other.read_text() == PLANTED


def test_the_hubs_own_token_stays(make_hub):
    hub = make_hub().start()
    token = hub.token()
    hub.restart()
    assert hub.token() == token and lets_in(hub, token)
    assert "not believed" not in hub.process.errors

"""kf keys: makes a folder of keys once, tells what is wrong with one, and never prints a secret."""

import stat

from programs import kf

ROLES = ["ingest", "need", "normalize", "aggregate", "efficiency", "publish", "watcher"]


def secret(folder, role):
    return (folder / f"{role}.key").read_text(encoding="ascii").split()[-1]


def test_new_keys_are_closed_sound_and_all_different(tmp_path):
    folder = tmp_path / "keys"
    made = kf("keys", "new", folder)
    assert made.returncode == 0
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name for path in folder.iterdir()} == {"peers", *(f"{r}.key" for r in ROLES)}
    assert all(stat.S_IMODE((folder / f"{r}.key").stat().st_mode) == 0o600 for r in ROLES)
    secrets = {secret(folder, role) for role in ROLES}
    assert len(secrets) == len(ROLES)
    assert all(f"{role}.key" in made.stdout for role in ROLES)
    checked, shown = kf("keys", "check", folder), kf("keys", "show", folder)
    assert checked.returncode == shown.returncode == 0
    told = made.stdout + checked.stdout + shown.stdout + (folder / "peers").read_text()
    assert not [text for text in secrets if text in told]
    assert [row.split()[0] for row in shown.stdout.splitlines()] == ROLES


def test_nothing_is_overwritten_and_nothing_left_behind(tmp_path):
    folder = tmp_path / "keys"
    assert kf("keys", "new", folder).returncode == 0
    before = secret(folder, "need")
    again = kf("keys", "new", folder)
    assert again.returncode == 2 and "not overwritten" in again.stderr
    (tmp_path / "file").write_text("mine")
    assert kf("keys", "new", tmp_path / "file").returncode == 2
    assert kf("keys", "new", tmp_path / "no" / "such").returncode == 2
    assert secret(folder, "need") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "keys"]


def test_check_names_every_fault_with_its_remedy(tmp_path):
    folder = tmp_path / "keys"
    assert kf("keys", "new", folder).returncode == 0
    (folder / "need.key").chmod(0o644)
    (folder / "publish.key").write_text("secret nonsense\n")
    rows = (folder / "peers").read_text().splitlines()
    (folder / "peers").write_text("\n".join(r for r in rows if not r.startswith("ingest")) + "\n")
    checked = kf("keys", "check", folder)
    assert checked.returncode == 2
    assert "need.key: a secret key that others may read" in checked.stderr
    assert "publish.key:1: is not" in checked.stderr
    assert "public key of ingest.key" in checked.stderr


def test_words_that_make_no_sense_are_told():
    for words in ([], ["new"], ["make", "x"], ["new", "a", "b"]):
        done = kf("keys", *words)
        assert done.returncode == 2 and "kf keys new DIR" in done.stderr

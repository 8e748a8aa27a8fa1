"""The definition of the topics is what the program says."""

import subprocess

from conftest import DEPLOY
from line import binaries


def test_the_file_is_what_kf_topics_prints():
    printed = subprocess.run([binaries() / "kf", "topics", "--format", "yaml"], text=True,
                             capture_output=True, check=True).stdout
    text = (DEPLOY / "topics.yaml").read_text(encoding="utf-8")
    head, _, rest = text.partition("\n")
    assert head.startswith("# ") and rest == printed, "remedy: kf topics --format yaml"

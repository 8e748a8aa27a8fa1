"""What the documents say is what the programs do."""

import subprocess
import sys

from conftest import ROOT, binaries


def test_the_configuration_in_every_services_readme_is_the_programs_own():
    script = ROOT / "tools" / "docs" / "configuration.py"
    subprocess.run([sys.executable, script, binaries(), "--check"], check=True)


def test_every_service_has_a_readme_with_its_configuration():
    for main in ROOT.glob("services/*/main.c"):
        service = main.parent.name
        text = (main.parent / "README.md").read_text(encoding="utf-8")
        assert f"<!-- generated: kf-{service} --config-reference -->" in text


def test_help_of_every_program_ends_well_and_names_its_exit_codes():
    for program in sorted(binaries().glob("kf-*")):
        answer = subprocess.run([program, "--help"], check=True, capture_output=True, text=True)
        assert "Exit" in answer.stdout or "exit" in answer.stdout, program.name

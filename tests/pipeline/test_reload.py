"""kf up hands SIGHUP on to its services: new editions are taken, broken ones change nothing."""

import shutil
import signal

from conftest import ROOT


def test_kf_up_hands_a_reload_on_to_its_services(pipelines, tmp_path):
    editions = tmp_path / "editions"
    shutil.copytree(ROOT / "editions", editions)
    pipeline = pipelines(editions=editions).ready()
    before = pipeline.pids()
    own = editions / "own.yaml"
    own.write_text("extends: asss-2010\nid: [own\n", encoding="utf-8")
    pipeline.process.send_signal(signal.SIGHUP)
    pipeline.lines.wait_for("the services read their settings and editions anew")
    pipeline.await_log("ingest-0", r"config-fault file=\S*own\.yaml")
    pipeline.await_log("ingest-0", "reload-refused")
    pipeline.await_log("need-0", "http-listening", times=2)
    own.write_text("extends: asss-2010\nid: own\n", encoding="utf-8")
    pipeline.process.send_signal(signal.SIGHUP)
    pipeline.await_log("ingest-0", "http-listening", times=2)
    pipeline.feed()
    assert "Bergen" in pipeline.show().stdout
    pipeline.await_log("need-0", "panel-computed .*edition=own ")
    assert pipeline.pids() == before
    code, said = pipeline.stop()
    assert code == 0, said

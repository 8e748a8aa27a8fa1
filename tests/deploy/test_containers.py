"""Containers and manifests: closed, a service for each program, with arguments that it takes."""

import copy
import os
import pathlib
import shutil
import subprocess

import kubernetes_validate
import pytest
import yaml
from conftest import DEPLOY, PROGRAMS, ROOT, SERVICES, STAGES
from line import binaries

KUBERNETES = DEPLOY / "kubernetes"
COMPOSE = DEPLOY / "containers" / "compose.yaml"
CONTAINERFILE = DEPLOY / "containers" / "Containerfile"
VERSIONS = ["1.29", "1.34"]


def objects():
    """Every object of the kustomize base."""
    base = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text(encoding="utf-8"))
    found = []
    for name in base["resources"]:
        text = (KUBERNETES / name).read_text(encoding="utf-8")
        found += list(yaml.safe_load_all(text))
    return found


OBJECTS = objects()
NAMES = [f"{o['kind']}-{o['metadata']['name']}" for o in OBJECTS]
KINDS = ("Deployment", "StatefulSet")
WORKLOADS = {o["metadata"]["name"]: o for o in OBJECTS if o["kind"] in KINDS}
POLICIES = {o["metadata"]["name"]: o["spec"] for o in OBJECTS if o["kind"] == "NetworkPolicy"}


def pod_of(service):
    return WORKLOADS[service]["spec"]["template"]["spec"]


def container_of(service):
    (container,) = pod_of(service)["containers"]
    return container


def check_config(words, places):
    """The program's own word on a command line whose folders are others here."""
    text = "\0".join(words)
    for theirs, ours in places.items():
        text = text.replace(theirs, str(ours))
    program, *rest = text.split("\0")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KF_")}
    return subprocess.run([binaries() / program, *rest, "--check-config"], capture_output=True,
                          text=True, check=False, env=clean, timeout=120)


# ---- Kubernetes ----

@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("thing", OBJECTS, ids=NAMES)
def test_an_object_is_what_kubernetes_takes(thing, version):
    kubernetes_validate.validate(thing, version, strict=True)


def test_the_schemas_refuse_what_is_wrong():
    wrong = copy.deepcopy(WORKLOADS["need"])
    wrong["spec"]["replicaz"] = 1
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSIONS[-1], strict=True)


def test_kustomize_builds_the_base():
    if not shutil.which("kubectl"):
        pytest.skip("NOT PROVED: there is no kubectl to build the kustomize base with")
    done = subprocess.run(["kubectl", "kustomize", KUBERNETES], capture_output=True, text=True,
                          check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    built = list(yaml.safe_load_all(done.stdout))
    assert len(built) == len(OBJECTS) + 1  # and the settings
    assert {o["metadata"].get("namespace", "kostraflow") for o in built} == {"kostraflow"}


def test_there_is_a_workload_for_each_service_and_ingest_and_publish_are_never_two():
    assert sorted(WORKLOADS) == sorted(PROGRAMS)
    assert WORKLOADS["publish"]["spec"]["strategy"] == {"type": "Recreate"}
    assert WORKLOADS["ingest"]["kind"] == "StatefulSet"
    assert [WORKLOADS[name]["spec"]["replicas"] for name in ("ingest", "publish")] == [1, 1]


@pytest.mark.parametrize("service", PROGRAMS)
def test_a_pod_is_closed(service):
    pod, container = pod_of(service), container_of(service)
    assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]}}
    assert container["resources"]["limits"]["memory"]
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert "hostPath" not in str(pod) and "hostNetwork" not in pod


@pytest.mark.parametrize("service", SERVICES)
def test_a_stage_is_reached_by_the_one_before_it_alone_and_metrics_by_monitoring(service):
    assert POLICIES["closed"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    before = dict(zip(SERVICES, ["publish", *SERVICES], strict=False))[service]
    panels, metrics, beats = POLICIES[service]["ingress"]

    def pod(name):
        return {"podSelector": {"matchLabels": {"app.kubernetes.io/name": name}}}

    assert panels == {"from": [pod(before)], "ports": [{"port": 7000}]}
    assert metrics["ports"] == [{"port": 9400}]
    assert beats == {"from": [pod("board")], "ports": [{"port": 7001}]}


def test_the_board_is_seen_by_monitoring_and_by_labelled_namespaces_and_reaches_beats_and_kafka():
    metrics, readers = POLICIES["board"]["ingress"]
    assert {rule["ports"][0]["port"] for rule in (metrics, readers)} == {9400}
    (reader,) = readers["from"]
    assert reader == {"namespaceSelector": {"matchLabels": {"kostraflow-board": "reader"}}}
    beats, names, kafka = POLICIES["board"]["egress"]
    (stages,) = beats["to"][0]["podSelector"]["matchExpressions"]
    assert stages["values"] == SERVICES and beats["ports"] == [{"port": 7001}]
    assert {port["port"] for port in names["ports"]} == {53}
    assert kafka == {"ports": [{"port": 9092}, {"port": 9093}]}


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("secret") / "keys"
    subprocess.run([binaries() / "kf", "keys", "new", folder], check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("service", PROGRAMS)
def test_the_program_takes_the_command_line_of_its_pod(service, keys, tmp_path):
    shutil.copytree(KUBERNETES / "settings", tmp_path / "settings")
    for settings in (tmp_path / "settings").iterdir():
        settings.write_text(settings.read_text().replace("/usr/share/kostraflow/editions",
                                                         str(ROOT / "editions")), encoding="utf-8")
    (tmp_path / "kafka.conf").write_text("security.protocol=plaintext\n", encoding="utf-8")
    places = {"/run/kf-pod": tmp_path, "/var/lib/kf-board": tmp_path, "/var/lib/kf": tmp_path,
              "/etc/kostraflow/keys": keys,
              "/etc/kostraflow/settings": tmp_path / "settings",
              "/etc/kostraflow/kafka": tmp_path}
    container = container_of(service)
    done = check_config([*container["command"], *container["args"]], places)
    assert done.returncode == 0, done.stderr
    # The line is closed by keys: without them the same words are refused.
    bare = [word for word in container["args"] if not word.startswith("--keys")]
    assert check_config([*container["command"], *bare], places).returncode == 2


def argument(service, name):
    """The value of an option in the command line of a pod."""
    (value,) = [word.split("=", 1)[1] for word in container_of(service)["args"]
                if word.startswith(f"--{name}=")]
    return value


def test_each_stage_sends_to_the_next_and_publish_answers_ingest():
    for service, after in zip(SERVICES, SERVICES[1:], strict=False):
        host = after if after == "publish" else f"{after}-0.{after}"
        assert argument(service, "output") == f"tcp://{host}:7000"
    assert argument("publish", "receipts") == "tcp://ingest-0.ingest:7000"


def test_the_board_listens_where_every_service_beats():
    hosts = {service: f"{service}-0.{service}" for service in SERVICES} | {"publish": "publish"}
    for service in SERVICES:
        assert argument(service, "status") == "tcp://0.0.0.0:7001"
        assert argument("board", f"{service}-status") == f"tcp://{hosts[service]}:7001"


# ---- compose ----

def compose():
    return yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]


@pytest.mark.parametrize("service", PROGRAMS)
def test_a_container_is_closed_and_its_command_line_taken(service, tmp_path):
    own = compose()[service]
    assert own["user"] == "10001:10001" and own["read_only"] is True
    assert own["cap_drop"] == ["ALL"] and own["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "network_mode", "pid", "devices"} & set(own)
    words = own["command"]
    if service in ("ingest", "board"):
        words = [*words, "--editions", str(ROOT / "editions")]
    places = {"/var/lib/kf-board": tmp_path, "/var/lib/kf": tmp_path}
    done = check_config([*words, "--run-dir", str(tmp_path / "run")], places)
    assert done.returncode == 0, done.stderr
    assert own["healthcheck"]["test"] == ["CMD", "kf", "ready", service, "--live"]


def test_the_compose_file_has_all_of_it_and_opens_the_boards_port_to_this_machine():
    services = compose()
    assert sorted(services) == sorted([*PROGRAMS, "kafka"])
    opened = {name: own["ports"] for name, own in services.items() if own.get("ports")}
    assert opened == {"board": ["127.0.0.1:9467:9467"]}


def test_the_image_is_debian_12_in_two_stages_with_an_unprivileged_user():
    lines = CONTAINERFILE.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    words = [line.split() for line in lines if line and not line.startswith("#")]
    assert [w[1] for w in words if w[0] == "FROM"] == ["debian:12-slim", "debian:12-slim"]
    assert [w[1] for w in words if w[0] == "USER"] == ["10001:10001"]
    assert words.index(["USER", "10001:10001"]) > max(i for i, w in enumerate(words)
                                                      if w[0] == "RUN")
    builds = " ".join(next(w for w in words if "cmake" in w and "install" in w))
    listed = (ROOT / "tools" / "setup" / "packages.txt").read_text().split("[test]")[0]
    wanted = [line.split()[0] for line in listed.splitlines() if line and line[0] not in "#["]
    assert [package for package in wanted if package not in builds] == []


# ---- kf ready, which the health checks run ----

def test_kf_ready_asks_the_services_of_a_run_directory(tmp_path):
    run_dir = tmp_path / "run"
    ready = [binaries() / "kf", "ready", "need", "--run-dir", run_dir]
    gone = subprocess.run(ready, capture_output=True, text=True, check=False)
    assert gone.returncode == 1 and gone.stdout.startswith("need: does not answer (it tells no")
    with subprocess.Popen([binaries() / "kf-need", "--run-dir", run_dir],
                          stderr=subprocess.DEVNULL) as process:
        from line import wait_until
        wait_until(lambda: subprocess.run(ready, capture_output=True, check=False).returncode == 0,
                   "kf ready says so")
        live = subprocess.run([*ready, "--live"], capture_output=True, text=True, check=False)
        assert (live.returncode, live.stdout) == (0, "need: alive\n")
        process.terminate()


def test_the_stages_of_the_deployments_are_those_of_the_line():
    others = ("ingest", "publish", "board")
    assert [*STAGES] == [name for name in WORKLOADS if name not in others]
    assert pathlib.Path(ROOT / ".dockerignore").read_text().split()[0] == ".git"

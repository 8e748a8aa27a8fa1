"""publish and kf show over SASL_SSL: the right password works, all else is refused and told, and no
secret shows anywhere."""

import contextlib
import pathlib
import re
import subprocess

import pytest
from broker import Broker, free_port
from line import ROOT, SERVICES, Line, binaries, wait_until
from reader import all_topics, check_release, manifests, read_all

PASSWORD = "swordfish-9f2c71"
USER = "kostraflow"
REFUSED_S = 90


def openssl(folder, *arguments):
    done = subprocess.run(
        ["openssl", *map(str, arguments)], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def make_ca(folder, name):
    openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
            f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem")
    return folder / f"{name}.pem"


def make_certificate(folder, name, alternative, days):
    """A broker's key and certificate of the authority `ca`, as one PEM file for Kafka."""
    (folder / f"{name}.ext").write_text(f"subjectAltName={alternative}\n")
    openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout",
            f"{name}.key", "-out", f"{name}.csr")
    openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", f"-days={days}", "-extfile", f"{name}.ext", "-out", f"{name}.pem")
    whole = folder / f"{name}.store.pem"
    whole.write_text((folder / f"{name}.key").read_text() + (folder / f"{name}.pem").read_text())
    return whole


LISTENERS = {  # name: (alternative name of its certificate, days)
    "GOOD": ("IP:127.0.0.1", "2"),
    "EXPIRED": ("IP:127.0.0.1", "-1"),
    "OTHERHOST": ("DNS:kafka.example", "2"),
}


class SecureBroker(Broker):
    """A broker with listeners of SASL_SSL beside the plain one, by which the test itself reads."""

    def __init__(self, certificates):
        self.certificates = certificates
        with contextlib.ExitStack() as held:
            self.secure = {name: free_port(held) for name in LISTENERS}
        jaas = ("org.apache.kafka.common.security.plain.PlainLoginModule required "
                f'user_{USER}="{PASSWORD}";')
        settings = {"sasl.enabled.mechanisms": "PLAIN"}
        for name in LISTENERS:
            at = f"listener.name.{name.lower()}"
            settings |= {
                f"{at}.ssl.keystore.type": "PEM",
                f"{at}.ssl.keystore.location": str(certificates / f"{name}.store.pem"),
                f"{at}.sasl.enabled.mechanisms": "PLAIN",
                f"{at}.plain.sasl.jaas.config": jaas,
            }
        super().__init__(settings=settings)

    def _write_properties(self):
        super()._write_properties()
        path = self.data / "server.properties"
        lines = []
        for row in path.read_text().splitlines():
            name, _, value = row.partition("=")
            if name in ("listeners", "advertised.listeners"):
                value += "".join(f",{n}://127.0.0.1:{p}" for n, p in self.secure.items())
            if name == "listener.security.protocol.map":
                value += "".join(f",{n}:SASL_SSL" for n in self.secure)
            lines.append(f"{name}={value}\n")
        path.write_text("".join(lines))


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificates")
    make_ca(folder, "ca")
    make_ca(folder, "otherca")
    for name, (alternative, days) in LISTENERS.items():
        make_certificate(folder, name, alternative, days)
    with SecureBroker(folder) as running:
        running.prepare_transactions()
        yield running


def write_config(folder, broker, password=PASSWORD, ca="ca.pem"):
    """Settings whose password stands in a file of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    secret = folder / "password"
    secret.touch(mode=0o600)
    secret.write_text(password + "\n")
    config = folder / "kafka.conf"
    config.write_text(
        "security.protocol=SASL_SSL\nsasl.mechanisms=PLAIN\n"
        f"sasl.username={USER}\nsasl.password=file:{secret}\n"
        f"ssl.ca.location={broker.certificates / ca}\n"
    )
    return config


def secure_line(folder, broker, prefix, listener, config):
    address = f"127.0.0.1:{broker.secure[listener]}"
    return Line(folder, address, prefix,
                options={"publish": ["--kafka-config", config, "--log-level", "debug"]})


def everything_shown(line):
    """Logs, pages, command lines and environments."""
    shown = "".join(path.read_text() for path in line.work.glob("*.log"))
    for service in SERVICES:
        for name in ("cmdline", "environ"):
            path = pathlib.Path(f"/proc/{line._processes[service].pid}/{name}")
            shown += path.read_bytes().decode(errors="replace")
        for page in ("/metrics", "/readyz", "/healthz"):
            shown += (line.get(service, page) or (0, ""))[1]
    return shown


def show(config, address, prefix):
    return subprocess.run(
        [binaries() / "kf", "show", "--edition", "asss-2010", "--year", "2010", "--editions",
         ROOT / "editions", "--bootstrap-servers", address, "--topic-prefix", prefix,
         "--kafka-config", config, "--wait", "60"],
        capture_output=True, text=True, check=False, timeout=REFUSED_S,
    )


def test_the_right_password_publishes_reads_and_shows_nowhere(broker, tmp_path):
    config = write_config(tmp_path, broker)
    with secure_line(tmp_path / "line", broker, "tls", "GOOD", config) as line:
        line.start()
        line.drop()
        wait_until(lambda: line.committed() == 1, f"published\n{line.logs()}", 120)
        shown = everything_shown(line)
    records = read_all(broker.bootstrap, all_topics("tls"))
    found = manifests(records, "tls")
    assert len(found) == 1
    check_release(records, "tls", found[0][0])
    done = show(config, f"127.0.0.1:{broker.secure['GOOD']}", "tls")
    assert done.returncode == 0, done.stderr
    assert PASSWORD not in shown + done.stdout + done.stderr


REFUSALS = {
    "wrong password": ("GOOD", {"password": "wrong-3d51"}, r"(?i)authentication"),
    "wrong authority": ("GOOD", {"ca": "otherca.pem"}, r"(?i)certificate.*verif"),
    "expired": ("EXPIRED", {}, r"(?i)certificate.*(verif|expired)"),
    "another host": ("OTHERHOST", {}, r"(?i)certificate.*verif|mismatch"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_connection_that_cannot_be_trusted_is_refused_and_told(broker, tmp_path, case):
    listener, wrong, reason = REFUSALS[case]
    config = write_config(tmp_path, broker, **wrong)
    with secure_line(tmp_path / "line", broker, "refused", listener, config) as line:
        line.start("publish", wait=False)

        def told():
            answer = line.get("publish", "/readyz")
            return answer and answer[0] == 503 and re.search(reason, answer[1]) and answer[1]

        print(wait_until(told, f"{case} is told", REFUSED_S))
        assert line.exit_code("publish") is None  # goes on trying
        shown = line.logs() + line.page("publish", "/metrics")[1]
        shown += line.page("publish", "/readyz")[1]
        assert PASSWORD not in shown and "wrong-3d51" not in shown
        # put right, and nothing else: it was refused for that alone
        line.stop("publish")
        right = write_config(tmp_path, broker)
        if case == "another host":
            with right.open("a") as file:
                file.write("ssl.endpoint.identification.algorithm=none\n")
        elif case == "expired":
            line._bootstrap = f"127.0.0.1:{broker.secure['GOOD']}"
        line.start("publish", wait=False)
        wait_until(lambda: line.ready("publish"), f"ready\n{line.logs()}", REFUSED_S)


def test_files_of_secrets_that_others_may_read_are_refused(broker, tmp_path):
    config = write_config(tmp_path, broker)
    command = [binaries() / "kf-publish", "--check-config", "--kafka-config", config]
    assert subprocess.run(command, check=False).returncode == 0
    (tmp_path / "password").chmod(0o644)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "chmod 600" in done.stderr and PASSWORD not in done.stderr + done.stdout

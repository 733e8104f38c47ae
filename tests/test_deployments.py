"""What deploy/ says of containers: valid, and true of the command that they run."""

from __future__ import annotations

import contextlib
import json
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

import kubernetes_validate
import pytest
import yaml
from check_jsonschema import main as check_jsonschema

from mock_server import command_line
from tests.loopback import ROOT, broken_server, contract, environment

DEPLOY = ROOT / "deploy"
COMPOSE, DOCKERFILE = DEPLOY / "compose.yaml", (DEPLOY / "Dockerfile").read_text("utf-8")
MANIFESTS = {
    f"{each['kind']} {each['metadata']['name']}": each
    for file in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    for each in yaml.safe_load_all(file.read_text("utf-8"))
}
OLDEST, NEWEST = "1.32.0", kubernetes_validate.latest_version()
REDIS = "redis://redis:6379/0"
WORKLOADS = ("StatefulSet mock-server", "Deployment redis", "CronJob contract-run")


def instructions(name: str) -> list[str]:
    """Give what the Dockerfile says after an instruction, its last stage only."""
    last = DOCKERFILE.rpartition("\nFROM ")[2].replace("\\\n", " ")
    return re.findall(rf"^{name} (.*)", last, re.MULTILINE)


def image_variables() -> dict[str, str]:
    """Give the variables of the image that are of our prefix."""
    pairs = [each.partition("=") for line in instructions("ENV") for each in shlex.split(line)]
    return {name: value for name, _, value in pairs if name.startswith("CAPTCHA_CONTRACT_")}


@dataclass(frozen=True)
class Container:
    """A container of ours: its arguments, and the variables that it is given."""

    arguments: list[str]
    variables: dict[str, str]


def pod_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    spec = manifest["spec"]
    spec = spec.get("jobTemplate", {}).get("spec", spec)
    pod: dict[str, Any] = spec["template"]["spec"]
    return pod


def in_kubernetes(name: str, **of_the_pod: str) -> Container:
    """Give the one container of a manifest as a kubelet starts it."""
    (container,) = pod_of(MANIFESTS[name])["containers"]
    variables = image_variables()
    for each in container["env"]:
        source = each.get("valueFrom", {})
        if "value" in each:
            variables[each["name"]] = each["value"]
        elif "fieldRef" in source:
            variables[each["name"]] = of_the_pod[source["fieldRef"]["fieldPath"]]
        else:
            assert source["secretKeyRef"]["optional"] is True
    arguments = [
        re.sub(r"\$\((\w+)\)", lambda found: variables[found[1]], each)
        for each in container["args"]
    ]
    return Container(arguments, variables)


def in_compose(service: str) -> Container:
    """Give the container of a service, every variable of the user unset."""
    said = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"][service]
    unset = {
        name: re.sub(r"\$\{\w+(?::-(.*?))?\}", lambda found: found[1] or "", str(value))
        for name, value in said.get("environment", {}).items()
    }
    return Container(said["command"], {**image_variables(), **unset})


INDEX = {"metadata.labels['apps.kubernetes.io/pod-index']": "1"}
SERVERS: dict[str, Callable[[], Container]] = {
    "kubernetes": lambda: in_kubernetes("StatefulSet mock-server", **INDEX),
    "compose": lambda: in_compose("mock-server"),
}
RUNS: dict[str, Callable[[], Container]] = {
    "kubernetes": lambda: in_kubernetes("CronJob contract-run", **{"metadata.name": "run-1"}),
    "compose": lambda: in_compose("contract-run"),
}


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_keeps_the_schema_of_kubernetes(name: str, version: str) -> None:
    kubernetes_validate.validate(MANIFESTS[name], version, strict=True)


def test_the_compose_file_keeps_its_schema() -> None:
    with pytest.raises(SystemExit) as ended:
        check_jsonschema(["--builtin-schema", "vendor.compose-spec", "--quiet", str(COMPOSE)])
    assert ended.value.code == 0


@pytest.mark.parametrize("where", SERVERS)
def test_the_mock_server_takes_what_its_container_says(
    where: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    container = SERVERS[where]()
    for name, text in container.variables.items():
        monkeypatch.setenv(name, text)
    assert container.arguments[0] == "mock"
    given = command_line._arguments(container.arguments[1:], "mock")  # noqa: SLF001 - not to serve
    assert (given.host, given.port, given.seed) == ("0.0.0.0", 4010, "captcha-contract")  # noqa: S104
    assert capsys.readouterr().err == ""  # no variable that no option reads
    assert instructions("EXPOSE") == ["4010"]
    if where == "kubernetes":
        assert given.instance == 1


def config_map_volume(folder: Path, files: Mapping[str, str], version: int = 1) -> None:
    """Lay files out as a kubelet does: links to a folder that a new version replaces at once."""
    kept = folder / f"..{version}"
    for path, text in files.items():
        file = kept / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        if not (link := folder / path.partition("/")[0]).is_symlink():
            link.symlink_to(f"..data/{link.name}")
    newer = folder / "..data_tmp"
    newer.symlink_to(kept.name)
    newer.rename(folder / "..data")
    shutil.rmtree(folder / f"..{version - 1}", ignore_errors=True)


def contract_of_the_config_map() -> dict[str, str]:
    (volume,) = (
        each
        for each in pod_of(MANIFESTS["StatefulSet mock-server"])["volumes"]
        if each["name"] == "contract"
    )
    data = MANIFESTS["ConfigMap contract"]["data"]
    return {each["path"]: data[each["key"]] for each in volume["configMap"]["items"]}


@pytest.fixture
def contract_folder(tmp_path: Path) -> Path:
    """The working folder of a container, with the ConfigMap mounted in it."""
    config_map_volume(tmp_path / "contract" / "openapi", contract_of_the_config_map())
    return tmp_path / "contract"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def asked(port: int, path: str, method: str = "GET") -> tuple[int, str]:
    """Call a server as a kubelet does, by the address of the pod."""
    head = {"Host": "10.1.2.3"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=head, method=method)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - it is http
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds of a server that may not listen yet."""
    for _ in range(400):
        with contextlib.suppress(URLError):
            if holds():
                return
        time.sleep(0.05)
    raise AssertionError("it never came to hold")


def files_below(folder: Path) -> list[str]:
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*"))


def test_the_container_of_the_mock_server_serves_the_config_map_until_it_is_told_to_stop(
    contract_folder: Path,
) -> None:
    container, port = SERVERS["kubernetes"](), free_port()
    (described,) = pod_of(MANIFESTS["StatefulSet mock-server"])["containers"]
    own = {**container.variables, "CAPTCHA_CONTRACT_MOCK_PORT": str(port)}
    own["CAPTCHA_CONTRACT_MOCK_HOST"] = "127.0.0.1"
    own.pop("CAPTCHA_CONTRACT_MOCK_STATE", None)  # there is no Redis here
    before = files_below(contract_folder)
    started = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "captcha_contract", *container.arguments],
        cwd=contract_folder,
        env=environment(**own),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until(lambda: asked(port, "/livez")[0] == HTTPStatus.OK)
        probed = [described[each]["httpGet"] for each in described if each.endswith("Probe")]
        answers = {each["path"]: asked(port, each["path"]) for each in probed}
        assert answers == {"/livez": (200, "ok\n"), "/readyz": (200, "ok\n")}
        assert {each["port"] for each in probed} == {described["ports"][0]["name"]}
        status, answer = asked(port, "/oauth/api/account/getImgCode", "POST")
        assert (status, json.loads(answer)["code"]) == (200, "000")
        changed = {
            path: text.replace("/getImgCode:", "/getPicture:")
            for path, text in contract_of_the_config_map().items()
        }
        config_map_volume(contract_folder / "openapi", changed, version=2)
        until(lambda: asked(port, "/oauth/api/account/getPicture", "POST")[0] == HTTPStatus.OK)
        assert [each.replace("..2", "..1") for each in files_below(contract_folder)] == before
    finally:
        started.send_signal(signal.SIGTERM)
        printed, complained = started.communicate(timeout=30)
    said = [json.loads(line)["message"] for line in complained.splitlines()]
    assert (started.returncode, said) == (0, ["openapi/openapi.yaml was read again"])
    assert "openapi.yaml, seed captcha-contract) is listening on" in printed


@pytest.mark.parametrize("where", RUNS)
def test_the_container_of_the_contract_run_judges_and_keeps_its_reports(
    where: str, tmp_path: Path
) -> None:
    container = RUNS[where]()
    assert container.arguments[0] == "test"
    own = {
        name: text.replace("/reports", str(tmp_path)) for name, text in container.variables.items()
    }
    options = [each.replace("/reports", str(tmp_path)) for each in container.arguments[1:]]
    with broken_server("") as url:
        status, printed = contract(*options, "--base-url", url, "--samples", "2", **own)
    assert (status, "says nothing to" in printed) == (0, False), printed
    assert [each.parent.name for each in tmp_path.rglob("report.json")] == [
        "run-1" if where == "kubernetes" else tmp_path.name
    ]


def test_the_config_map_is_the_contract_of_this_repository() -> None:
    assert contract_of_the_config_map() == {
        str(path): (ROOT / "openapi" / path).read_text("utf-8")
        for path in (Path("openapi.yaml"), Path("documents/getImgCode.md"))
    }
    volumes = {
        name: [each for each in pod_of(MANIFESTS[name])["volumes"] if each["name"] == "contract"]
        for name in ("StatefulSet mock-server", "CronJob contract-run")
    }
    assert volumes["StatefulSet mock-server"] == volumes["CronJob contract-run"]


def test_every_pod_is_restricted_and_gets_no_variables_of_services() -> None:
    for name in WORKLOADS:
        pod = pod_of(MANIFESTS[name])
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert pod["enableServiceLinks"] is pod["automountServiceAccountToken"] is False
        assert container["resources"]["limits"].keys() == {"memory"}


def selectors(said: object) -> Iterator[dict[str, str]]:
    """Give every selector of pods below a part of a manifest."""
    if isinstance(said, dict):
        for name, value in said.items():
            if name in {"podSelector", "selector", "labelSelector"} and value:
                yield value.get("matchLabels", value)
            else:
                yield from selectors(value)
    if isinstance(said, list):
        for each in said:
            yield from selectors(each)


@pytest.mark.parametrize("name", MANIFESTS)
def test_whatever_selects_pods_selects_some_that_there_are(name: str) -> None:
    labels = [
        MANIFESTS[each]["spec"].get("jobTemplate", MANIFESTS[each])["spec"]["template"]["metadata"][
            "labels"
        ]
        for each in WORKLOADS
    ]
    for selector in selectors(MANIFESTS[name]):
        assert [each for each in labels if selector.items() <= each.items()] != []


def test_the_state_is_where_redis_is() -> None:
    assert MANIFESTS["StatefulSet mock-server"]["spec"]["serviceName"] == "mock-server-replicas"
    assert MANIFESTS["Service mock-server-replicas"]["spec"]["clusterIP"] == "None"
    assert "Service redis" in MANIFESTS
    assert "redis" in yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
    for where in SERVERS.values():
        assert where().variables["CAPTCHA_CONTRACT_MOCK_STATE"] == REDIS


def test_the_cron_job_tells_69_from_1() -> None:
    job = MANIFESTS["CronJob contract-run"]["spec"]
    rules = {
        each["action"]: each for each in job["jobTemplate"]["spec"]["podFailurePolicy"]["rules"]
    }
    (container,) = pod_of(MANIFESTS["CronJob contract-run"])["containers"]
    decides = {"containerName": container["name"], "values": [69]}
    assert rules["Count"]["onExitCodes"] == {**decides, "operator": "In"}
    assert rules["FailJob"]["onExitCodes"] == {**decides, "operator": "NotIn"}
    assert job["jobTemplate"]["spec"]["backoffLimit"] == 2  # three in a row fail
    assert (job["concurrencyPolicy"], pod_of({"spec": job})["restartPolicy"]) == ("Forbid", "Never")


def test_the_image_runs_the_command_itself_as_nobody_of_this_machine() -> None:
    assert json.loads(instructions("ENTRYPOINT")[0]) == ["captcha-contract"]
    assert json.loads(instructions("CMD")[0]) == ["mock"]
    check = instructions("HEALTHCHECK")[0].partition("CMD ")[2]
    assert json.loads(check) == ["captcha-contract", "mock", "--probe"]
    compose = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
    assert compose["mock-server"]["healthcheck"]["test"] == ["CMD", *json.loads(check)]
    assert compose["contract-run"]["depends_on"]["mock-server"]["condition"] == "service_healthy"
    (user,) = instructions("USER")
    for name in ("StatefulSet mock-server", "CronJob contract-run"):
        security = pod_of(MANIFESTS[name])["securityContext"]
        assert user == f"{security['runAsUser']}:{security['runAsGroup']}"


def test_the_image_is_given_all_that_the_package_is_made_of() -> None:
    allowed = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if line[:1] == "!"
    }
    package = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = package["tool"]["hatch"]["build"]["targets"]["wheel"]
    project = package["project"]
    needed = [*wheel["only-include"], *wheel["force-include"], *project["license-files"]]
    needed += [project["readme"], "pyproject.toml", package["tool"]["hatch"]["version"]["path"]]
    assert {each.partition("/")[0] for each in needed} == allowed


def test_the_commands_of_the_page_name_what_is_there() -> None:
    page = (ROOT / "docs" / "deploying.md").read_text("utf-8")
    lines = [
        line
        for block in re.findall(r"^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
    ]
    files = {each for line in lines for each in re.findall(r"(?:deploy|openapi)/[\w./-]+", line)}
    assert [each for each in files if not (ROOT / each.partition(":")[0]).exists()] == []
    services = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
    assert {"contract-run"} <= services.keys()
    assert "Service mock-server" in MANIFESTS
    options = [line.partition(" captcha-contract ")[2].split() for line in lines]
    assert [words for words in options if len(words) > 1] == [["test", "--target", "test"]]

"""What dbt says of each edit of edits.yml: writes dbt-says.json, and dbt-manifest.json without what is dbt's own.

Needs a Python with dbt-core 1.12 and dbt-duckdb: python tests/state/ask-dbt.py
"""
import json
import os
import pathlib
import shutil
import tempfile

import yaml
from dbt.cli.main import dbtRunner

HERE = pathlib.Path(__file__).parent
PARTS = ["modified", "modified.body", "modified.configs", "modified.relation", "modified.persisted_descriptions", "modified.macros", "modified.contract", "new"]
PROFILE = "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: target/shop.duckdb, threads: 1}\n"


def copy(to):
    shutil.copytree(HERE / "project", to, ignore=shutil.ignore_patterns("target"))
    file = to / "dbt_project.yml"
    # dbt has its targets elsewhere.
    file.write_text(file.read_text().replace("targets:\n  dev: {type: duckdb, path: target/shop.duckdb}\n", ""))
    (to / "profiles.yml").write_text(PROFILE)


def edit(root, e):
    for old, new in e.get("move", {}).items():
        (root / new).parent.mkdir(parents=True, exist_ok=True)
        (root / old).rename(root / new)
    for file in e.get("remove", []):
        (root / file).unlink()
    for file, text in e.get("write", {}).items():
        (root / file).write_text(text)
    for file, (old, new) in e.get("replace", {}).items():
        text = (root / file).read_text()
        assert old in text, (e["name"], file, old)
        (root / file).write_text(text.replace(old, new, 1))


def dbt(root, *args):
    common = ["--project-dir", str(root), "--profiles-dir", str(root), "--target-path", str(root / "target"), "--log-path", str(root / "logs"), "--no-send-anonymous-usage-stats", "--quiet"]
    result = dbtRunner().invoke([*args, *common])
    assert result.success, (args, result.exception)
    return result.result


def main():
    work = pathlib.Path(tempfile.mkdtemp())
    before = work / "before"
    copy(before)
    dbt(before, "parse")
    manifest = json.loads((before / "target/manifest.json").read_text())
    for part in ("macros", "docs"):
        manifest[part] = {k: v for k, v in manifest[part].items() if v["package_name"] == "shop"}
    for node in manifest["nodes"].values():
        node.pop("root_path", None)
    manifest["metadata"] = {k: v for k, v in manifest["metadata"].items() if k in ("dbt_schema_version", "dbt_version", "project_name", "adapter_type")}
    (HERE / "dbt-manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    says = {}
    for e in yaml.safe_load((HERE / "edits.yml").read_text()):
        root = work / "now"
        copy(root)
        edit(root, e)
        says[e["name"]] = {}
        for part in PARTS:
            lines = dbt(root, "ls", "--select", f"state:{part}", "--state", str(before / "target"), "--indirect-selection", "empty", "--output", "json", "--output-keys", "unique_id")
            ids = sorted(json.loads(line)["unique_id"] for line in lines or [])
            if ids:
                says[e["name"]][part] = ids
        shutil.rmtree(root)
        print(e["name"], says[e["name"]], flush=True)
    (HERE / "dbt-says.json").write_text(json.dumps(says, indent=1) + "\n")


os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
main()

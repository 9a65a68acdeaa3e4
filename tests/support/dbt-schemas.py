"""Writes dbt's JSON schemas of artifacts into a folder, from the models that dbt-artifacts-parser generates from the
published ones: python dbt-schemas.py FOLDER"""
import json
import pathlib
import sys

from dbt_artifacts_parser.parsers.catalog.catalog_v1 import CatalogV1
from dbt_artifacts_parser.parsers.manifest.manifest_v12 import ManifestV12
from dbt_artifacts_parser.parsers.run_results.run_results_v6 import RunResultsV6
from dbt_artifacts_parser.parsers.sources.sources_v3 import SourcesV3

MODELS = {"manifest/v12": ManifestV12, "run-results/v6": RunResultsV6, "catalog/v1": CatalogV1, "sources/v3": SourcesV3}

for name, model in MODELS.items():
    file = pathlib.Path(sys.argv[1]) / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(model.model_json_schema()))

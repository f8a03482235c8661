"""Build hook: browser files into static/vendor, translations compiled. Runs for wheels and for `pip install -e .`."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))

from ops import assets, translations


class BrowserFilesHook(BuildHookInterface):
    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        root = Path(self.root)
        return [] if assets.fresh(root) or assets.npm_on_path() else [assets.node_requirement(root)]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        assets.build(Path(self.root))
        translations.compile_all(Path(self.root))


class DependenciesHook(MetadataHookInterface):
    """The direct dependencies stand in requirements.in and nowhere else."""

    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        lines = (Path(self.root) / "requirements.in").read_text(encoding="utf-8").splitlines()
        metadata["dependencies"] = [line.strip() for line in lines if line.strip() and not line.startswith("#")]

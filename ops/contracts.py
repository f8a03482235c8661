"""An import contract for the inside of a room, for modules as they come: what is not there yet breaks nothing.

Looks at direct imports, at those inside functions too. Import-linter's own contracts cannot tell
`django.http` from `django.db`, and want every named module to exist.
"""

import ast
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

from ops import places


class RoomContract(Contract):
    type_name = "rooms"

    doors: Any = fields.ListField(subfield=fields.StringField())
    inner: Any = fields.ListField(subfield=fields.StringField())
    inner_never: Any = fields.ListField(subfield=fields.StringField())
    gatherers: Any = fields.ListField(subfield=fields.StringField())
    shared: Any = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        broken = []
        rooms = self.session_options["root_packages"]
        for module in sorted(graph.modules):
            room, _, rest = module.partition(".")
            if room not in rooms or not rest:
                continue
            for imported in sorted(graph.find_modules_directly_imported_by(module)):
                if problem := self._between(module, imported):
                    broken.append(problem)
            if rest.split(".")[0] in self.inner:
                broken += self._outside(module)
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["broken"]:
            output.print_error(line)

    def _between(self, module: str, imported: str) -> str | None:
        file, other = self._file(module), self._file(imported)
        if other not in self.doors:
            return None
        if file in self.inner:
            return f"{module} imports {imported}: {file} must not know a door."
        same_door = (module.split(".")[0], file) == (imported.split(".")[0], other)
        if file in self.doors and file not in self.gatherers and other not in self.shared and not same_door:
            return f"{module} imports {imported}: a door must not open onto another door."
        return None

    def _outside(self, module: str) -> list[str]:
        # by path: asking the import system would import the parent package, and with it Django
        path = places.ROOT.joinpath(*module.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                named |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                named |= {f"{node.module}.{alias.name}" for alias in node.names}
        return [
            f"{module} imports {name}: {self._file(module)} must not know {never}."
            for name in sorted(named)
            for never in self.inner_never
            if name == never or name.startswith(f"{never}.")
        ]

    def _file(self, module: str) -> str:
        """The file name that says what a module is: `views` for service.views and service.views.orders."""
        parts = module.split(".")
        return parts[1] if len(parts) > 1 else ""

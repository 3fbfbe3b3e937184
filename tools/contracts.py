"""The import contract of our own: across modules only commands, queries, events and declarations."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class SurfaceContract(Contract):
    """Refuses an import that reaches into another module past what that module shows."""

    wings = fields.ListField(subfield=fields.StringField())
    modules = fields.ListField(subfield=fields.StringField())
    parts = fields.SetField(subfield=fields.StringField())
    open = fields.ListField(subfield=fields.StringField(), required=False)
    readers = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Look at every import that crosses from one module of the house to another."""
        crossings = [
            (importer, imported)
            for importer in sorted(graph.modules)
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if self._crosses(importer, imported)
        ]
        illegal = [crossing for crossing in crossings if not self._allowed(*crossing)]
        return ContractCheck(
            kept=not illegal,
            metadata={
                "crossings": len(crossings),
                "illegal": [self._details(graph, importer, imported) for importer, imported in illegal],
            },
        )

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each illegal import with its line."""
        output.print_error(
            f"{len(check.metadata['illegal'])} of {check.metadata['crossings']} crossings reach too deep:"
        )
        for line in check.metadata["illegal"]:
            output.print_error(f"- {line}")
        output.new_line()

    def _module_of(self, name: str) -> str | None:
        """Return the module of the house to which a Python module belongs."""
        parts = name.split(".")
        for depth, roots in ((2, self.modules), (3, self.wings)):
            if len(parts) >= depth and (".".join(parts[:2]) in roots):
                return ".".join(parts[:depth])
        return None

    def _crosses(self, importer: str, imported: str) -> bool:
        source, target = self._module_of(importer), self._module_of(imported)
        return None not in (source, target) and source != target

    def _allowed(self, importer: str, imported: str) -> bool:
        target = self._module_of(imported) or ""
        part = imported.removeprefix(target).split(".")[1:2]
        if part and part[0] in self.parts:
            return True
        if any(_within(imported, name) for name in self.open or []):
            return True
        pairs = (reader.split(" -> ") for reader in self.readers or [])
        return any(_within(importer, reader) and _within(imported, read) for reader, read in pairs)

    @staticmethod
    def _details(graph: ImportGraph, importer: str, imported: str) -> str:
        details = graph.get_import_details(importer=importer, imported=imported)
        lines = ", ".join(str(detail["line_number"]) for detail in details)
        return f"{importer} -> {imported} (l. {lines})"


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")

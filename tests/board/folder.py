"""The editions folder read for names, by PyYAML and the csv module; nothing of the program."""

import csv
import functools
import pathlib

import yaml

REMOVE = "remove"


class Folder:
    """An editions folder: editions with what they build on, the registers."""

    def __init__(self, path):
        self._path = pathlib.Path(path)

    @functools.cache
    def edition(self, name):
        """The edition as one tree, what it extends merged in; None where there is no such file."""
        path = self._path / f"{name}.yaml"
        if not path.is_file():
            return None
        own = yaml.safe_load(path.read_text(encoding="utf-8"))
        if "extends" not in own:
            return own
        return _merged(self.edition(own.pop("extends")), own) | {"id": own["id"]}

    @functools.cached_property
    def variables(self):
        """{id: variable} of the register and of every edition that brings its own along."""
        register = yaml.safe_load((self._path / "variables.yaml").read_text(encoding="utf-8"))
        return {v["id"]: v for v in register["variables"] if "id" in v}

    @functools.cached_property
    def municipalities(self):
        """{code: name}: the newest name that the code had."""
        spells = sorted(self._rows("municipalities.csv"), key=lambda row: row["valid_from"])
        return {row["municipality"]: row["name"] for row in spells}

    @functools.cached_property
    def _groups(self):
        rows = self._rows("kostra_groups.csv")
        newest = max(row["year"] for row in rows)
        return int(newest), {r["municipality"]: r["group"] for r in rows if r["year"] == newest}

    @functools.cache
    def kostra_group(self, code):
        """The group of the newest register; of a newer code, that of all its parts when one.

        What was merged and came out again is a part instead of what it was merged into."""
        since, groups = self._groups
        if code in groups:
            return groups[code]
        rows = [row for row in self._rows("municipality_changes.csv")
                if row["to"] == code and int(row["year"]) > since]
        round_about = {row["through"] for row in rows}
        parts = {row["from"] for row in rows} - round_about
        if not parts:
            return None
        found = {self.kostra_group(part) for part in parts}
        return found.pop() if len(found) == 1 else None

    @functools.cache
    def _rows(self, name):
        with open(self._path / name, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


def _merged(base, own):
    """docs/EDITIONS.md, "Build on an edition"."""
    if isinstance(base, dict) and isinstance(own, dict):
        both = {key: _merged(base[key], own[key]) if key in base and key in own
                else own.get(key, base.get(key)) for key in {**base, **own}}
        return {key: value for key, value in both.items() if value is not None}
    if _by_id(base) and _by_id(own):
        return _merged_lists(base, own)
    return own


def _by_id(items):
    return isinstance(items, list) and items and all(
        isinstance(item, dict) and "id" in item for item in items)


def _merged_lists(base, own):
    changes = {item["id"]: item for item in own}
    kept = [_merged(item, changes.pop(item["id"], {})) for item in base]
    return [item for item in [*kept, *changes.values()] if not item.get(REMOVE)]


def names(edition, variables):
    """{id: {nb, en}} of everything that an edition names, its sectors and indicators included.

    A criterion, a regressor and whatever else is called after a variable has the variable's name.
    """
    found = {}
    _collect(edition, variables, found)
    return found


def _collect(node, variables, found):
    if isinstance(node, list):
        for item in node:
            _collect(item, variables, found)
    elif isinstance(node, dict):
        _collect_item(node, variables, found)
        for value in node.values():
            _collect(value, variables, found)


def _collect_item(item, variables, found):
    own = item.get("id")
    if own is None:
        return
    variable = variables.get(item.get("variable", own)) or variables.get(own)
    name = item.get("name") or (variable or {}).get("name")
    if isinstance(name, dict):
        found.setdefault(str(own), {"nb": name["nb"], "en": name["en"]})

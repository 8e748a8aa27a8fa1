"""Writes the references of the edition language and of the variable register into docs/EDITIONS.md,
from their JSON Schemas.

    python3 tools/docs/editions.py [--check]

Between `<!-- generated: edition.schema.json -->` and `<!-- end -->` stands every key with its
meaning, its form and limits, its default and an example; between the same marks of
`variables.schema.json` a table of the register's keys and one of its units. With --check nothing is
written; the exit code is 1 when the page is not up to date.
"""

import argparse
import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "editions" / "schema"
PAGE = ROOT / "docs" / "EDITIONS.md"
SECTION = re.compile(r"(<!-- generated: (\w+\.schema\.json) -->\n).*?(<!-- end -->)", re.S)

# Forms of values that are told in a few words where they are used, without a section of their own.
SIMPLE = ("id", "municipality", "year", "weight", "text", "growth", "share", "rule", "ages",
          "amount", "sector_id", "group_id", "unit_cost_group_id", "service_id", "service_unit",
          "year_key", "unit_rates_by_year", "rates_by_year", "growth_by_year", "months_by_year",
          "table")
PHRASES = {
    "id": "an [identifier](#identifiers-and-texts)",
    "municipality": "a code of four digits in quotes",
    "ages": "ages (`0`, `6-12`, `67+`)",
    "group_id": "an [identifier](#identifiers-and-texts) that may begin with a digit and hold +, "
                "in quotes",
    "service_id": "a code of letters A to Z and a to z, digits, `-` and `_`, at most 64 of them",
    "table": "the number of a table in quotes",
    "service_unit": "`persons`, `count`, `hours`, `days`, `person_years`, `m2` or `km`",
    "variables.schema.json#/$defs/variable": "[variables](#the-variable-register)",
}

# Units that are ratios, as variable.c has them; one unit over another is a ratio, too.
RATIO_UNITS = ("share", "percent", "index", "points")
PLAIN = re.compile(r"[\wæøåÆØÅ.%-]+( [\wæøåÆØÅ.%-]+)*")


class Reference:
    """The schema, and how its parts are told."""

    def __init__(self, schema: dict):
        self.schema = schema
        self.defs = schema["$defs"]

    def resolve(self, form: dict) -> tuple[str, dict]:
        """The name of what the form refers to, "" for none, and the form itself; a form of another
        schema is told by its name alone."""
        name = form.get("$ref", "").removeprefix("#/$defs/")
        return name, self.defs.get(name, form)

    # ---- forms ----

    def form(self, form: dict) -> str:
        """What may be written, in words: "a number from 0 to 1"."""
        if "anyOf" in form:
            parts = [self.form(part) for part in form["anyOf"]
                     if part.get("$ref") != "#/$defs/removed"]
            return " or ".join(parts)
        name, resolved = self.resolve(form)
        if name in PHRASES:
            return PHRASES[name]
        if name in ("sector_id", "unit_cost_group_id"):
            words = ", ".join(f"`{word}`" for word in resolved["not"]["enum"])
            return f"{PHRASES['id']}, but none of {words}"
        if name == "amount":
            return self.form(resolved)
        if "propertyNames" in resolved:
            value = resolved["additionalProperties"]["anyOf"][0]
            by = "years" if resolved["propertyNames"]["$ref"].endswith("year_key") else \
                "ids of groups"
            return f"a map from {by} to {self.scalar(value)}"
        if resolved.get("type") == "object" or name in ("term", "part"):
            return f"[{resolved['title'].lower()}](#{self.anchor(name)})"
        return self.scalar(resolved) if resolved.get("type") != "array" else \
            self.list_form(resolved)

    def list_form(self, form: dict) -> str:
        once = ", each once" if form.get("uniqueItems") else ""
        return (f"a list of {form['minItems']} to {form['maxItems']} items{once}: "
                f"{self.form(form['items'])}")

    @staticmethod
    def scalar(form: dict) -> str:
        if "const" in form:
            return f"`{text(form['const'])}`"
        if "enum" in form:
            words = [f"`{text(word)}`" for word in form["enum"]]
            return ", ".join(words[:-1]) + f" or {words[-1]}"
        words = {"string": "a text", "number": "a number", "integer": "a whole number",
                 "boolean": "`true` or `false`"}[form["type"]]
        return words + limits(form)

    @staticmethod
    def anchor(name: str) -> str:
        return name.replace("_", "-")

    # ---- keys ----

    def key(self, key: str, form: dict) -> list[str]:
        facts = [self.form(form), f"needed: {form.get('x-needed', 'no')}"]
        if "default" in form:
            facts.append(f"default: `{text(form['default'])}`")
        lines = [f"**`{key}`** · {' · '.join(facts)}", "", form["description"], "", "```yaml"]
        lines += [f"{key}: {flow(example)}" for example in form["examples"]]
        return [*lines, "```", ""]

    def keys(self, properties: dict) -> list[str]:
        return [line for key, form in properties.items() for line in self.key(key, form)]

    def section(self, name: str) -> list[str]:
        form = self.defs[name]
        lines = [f'<a id="{self.anchor(name)}"></a>', f"### {form['title']}", "",
                 form["description"], ""]
        if "properties" in form:
            return lines + self.keys(form["properties"])
        choices = [self.form(part) for part in form["anyOf"]]
        return [*lines, f"One of: {'; '.join(choices)}.", ""]

    def page(self) -> str:
        lines = ["## Every key", "", self.schema["description"], "", "### The edition", ""]
        lines += self.keys(self.schema["properties"])
        for name, form in self.defs.items():
            told = form.get("type") == "object" or name in ("term", "part")
            if told and name not in SIMPLE:
                lines += self.section(name)
        lines += ["### Identifiers and texts", "", self.defs["id"]["description"],
                  "A text with a colon, a comma or a bracket is quoted.", ""]
        return "\n".join(lines)


class Register:
    """The schema of the variable register, told as tables."""

    def __init__(self, schema: dict):
        self.variable = schema["$defs"]["variable"]
        self.reference = Reference(schema)

    def form(self, key: str, form: dict) -> str:
        if key == "id":
            return PHRASES["id"] + ", with `{}` in a family"
        if key == "each":
            return "a range of numbers, `0-105`, or a list of 1 to 1000 parts"
        if key == "unit":
            return "one of the units below"
        if form.get("type") == "object":
            return "a map of " + " and ".join(f"`{name}`" for name in form["properties"])
        return self.reference.form(form)

    def key(self, key: str, form: dict) -> str:
        needed = "yes" if key in self.variable["required"] else "no"
        return f"| `{key}` | {self.form(key, form)} | {needed} | {form['description']} |"

    def page(self) -> str:
        properties = self.variable["properties"]
        lines = ["| key | what may be written | needed | meaning |", "|---|---|---|---|"]
        lines += [self.key(key, form) for key, form in properties.items()]
        lines += ["", "| unit | is |", "|---|---|"]
        lines += [f"| `{unit}` | {unit_kind(unit)} |" for unit in units(properties["unit"])]
        return "\n".join([*lines, ""])


def units(form: dict) -> list[str]:
    """The units that may be written, of whatever choices the form has."""
    choices = [unit for part in form.get("anyOf", []) for unit in units(part)]
    return form.get("enum", []) + choices


def unit_kind(unit: str) -> str:
    """What the unit says about a variable without a `kind`."""
    ratio = "/" in unit or unit in RATIO_UNITS
    return "a ratio" if ratio else "an amount"


def text(value) -> str:
    """A scalar as YAML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def flow(value) -> str:
    """A value in YAML's flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(part) for part in value) + "]"
    if isinstance(value, str) and (value.isdigit() or not PLAIN.fullmatch(value)):
        return json.dumps(value, ensure_ascii=False)
    return text(value)


def limits(form: dict) -> str:
    """ "from 0 to 1", "above 0 and at most 1", "of at most 300 characters"; "" without limits."""
    if "exclusiveMinimum" in form:
        return short(f" above {form['exclusiveMinimum']:g} and at most {form['maximum']:g}")
    if "maxLength" in form and "pattern" not in form:
        return f" of at most {form['maxLength']} characters"
    if "minimum" in form:
        return short(f" from {form['minimum']:g} to {form['maximum']:g}")
    return ""


def short(told: str) -> str:
    """Powers of ten without plus and zeros: 1e9."""
    return re.sub(r"e\+0*", "e", told)


def current() -> str:
    """The page as it should be."""
    tellers = {"edition.schema.json": Reference, "variables.schema.json": Register}

    def section(match: re.Match) -> str:
        schema = json.loads((SCHEMAS / match[2]).read_text(encoding="utf-8"))
        return f"{match[1]}\n{tellers[match[2]](schema).page()}\n{match[3]}"

    return SECTION.sub(section, PAGE.read_text(encoding="utf-8"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only say whether it is out of date")
    options = parser.parse_args()
    page = current()
    if page == PAGE.read_text(encoding="utf-8"):
        return
    if options.check:
        raise SystemExit(f"{PAGE.relative_to(ROOT)}: is out of date\n"
                         "remedy: python3 tools/docs/editions.py")
    PAGE.write_text(page, encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: written")


if __name__ == "__main__":
    main()

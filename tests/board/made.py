"""Figures that nobody's are, for the sections of an article whose figures are not bundled: change
and efficiency of the ten large municipalities in 2022 (the edition ks-2022), and a disposable
income with its uses (an edition of the tests' own)."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "pipeline"))

from folder import Folder  # noqa: E402  pylint: disable=wrong-import-position
from synthetic import Figures  # noqa: E402  pylint: disable=wrong-import-position

MEMBERS = ("0301", "4601", "5001", "1103", "3024", "4204", "3004", "5401", "1108", "3005")
INCOME_ID = "income-test"
USES = {"renter": ("Netto renter og avdrag", "Net interest and repayment", 3000),
        "driftsresultat": ("Netto driftsresultat", "Net operating result", 1500)}
# Kr per inhabitant; what is outside the income system last.
SPENDING = {"barnehage": 9000, "grunnskole": 15500, "kommunehelse": 4000, "pleie_omsorg": 22000,
            "sosial": 4500, "barnevern": 2400, "administrasjon": 5200, "kultur": 2100}
NAMES = {"kultur": ("Kultur og idrett", "Culture and sports")}


def _variable(name, unit="1000 kr"):
    return (f"  - {{id: {name}, unit: {unit}, minimum: -1e9, maximum: 1e9,\n"
            f"     name: {{nb: {name}, en: {name}}}}}")


def _sector(name):
    if name not in NAMES:
        return f"  - {{id: {name}, resources: {{net: prove_{name}}}}}"
    nb, en = NAMES[name]
    return (f"  - {{id: {name}, name: {{nb: {nb}, en: {en}}}, "
            f"resources: {{net: prove_{name}, outside: true}}}}")


def _use(name):
    nb, en, _ = USES[name]
    return f"    - {{id: {name}, name: {{nb: {nb}, en: {en}}}, amount: prove_{name}}}"


def income_edition():
    """The text of an edition with outside sectors and uses of income, on need-2026's keys."""
    sectors = [_sector(name) for name in SPENDING]
    return "\n".join([
        "extends: need-2026",
        f"id: {INCOME_ID}",
        "title: {nb: Ressursbruk og inntekt (prøvetall), "
        "en: Resource use and income (test figures)}",
        "source: made up for tests",
        "years: [2021, 2022]",
        "structure: data-year",
        "group:",
        "  name: {nb: Storbyene, en: The cities}",
        f"  municipalities: [{', '.join(repr(code) for code in MEMBERS)}]",
        "sectors:", *sectors,
        "disposable_income:", "  uses:", *map(_use, USES),
        "variables:", *(_variable(f"prove_{name}") for name in (*SPENDING, *USES)),
        "publish: true", ""])


def figures(editions):
    """Figures of the ten and the country in 2021 and 2022."""
    made = Figures(MEMBERS, [2021, 2022], seed=5)
    wanted = {"folkemengde", *_texts(Folder(editions).edition("ks-2022"))} & set(made.register)
    made.cells = {key: value for key, value in made.cells.items() if key[2] in wanted}
    for code, year in sorted({key[:2] for key in made.cells}):
        people = made.cells[code, year, "folkemengde"]
        for name, kr in (SPENDING | {use: of[2] for use, of in USES.items()}).items():
            value = kr * people / 1000
            value = round(value * made.draw.uniform(0.85, 1.15) if code != "EAK" else value)
            made.cells[code, year, f"prove_{name}"] = value
        if code != "EAK":
            for name in (*SPENDING, "samlet"):
                if name not in NAMES:
                    made.cells[code, year, f"dki_{name}"] = round(made.draw.uniform(.85, 1.15), 4)
    return made


def _texts(node):
    """All texts of a tree."""
    if isinstance(node, dict):
        return {text for value in node.values() for text in _texts(value)}
    if isinstance(node, list):
        return {text for value in node for text in _texts(value)}
    return {node} if isinstance(node, str) else set()

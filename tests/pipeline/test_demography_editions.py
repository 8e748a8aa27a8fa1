"""Demography of real municipalities: every vintage of the projections, and the national run,
against a recomputation from the input files (METHOD D1–D9)."""

import functools
import math

import pytest
import yaml
from bundled import (
    AGES,
    COUNTRY,
    COUNTRY_2024,
    DATA,
    EDITIONS,
    POPULATION,
    age_keys,
    close,
    compute,
    count,
    flags,
    long_figures,
    people_by_age,
    read,
    span,
    told,
)

PROJECTIONS = sorted((DATA / "demography").glob("projection-*.csv"))
MILLION = 1e6
RATE_YEAR = 2024
SERVICES = {"barnehage": ["barnehage"], "grunnskole": ["grunnskole"],
            "pleie_omsorg": ["pleie_omsorg"], "ovrige": ["kommunehelse", "sosial", "barnevern"]}
GROUPS = ["0-5", "6-15", "16-66", "0-66", "67-79", "80-89", "90+", "67+", "80+"]
COST_GROUPS = ["0", "1-5", "6-12", "13-15", "16-19", "20-66", "67-79", "80-89", "90+"]
CARE = {"0-66": 0.2581, "67-79": 0.1163, "80-89": 0.1558, "90+": 0.1082}


@pytest.fixture(scope="module")
def observed():
    return people_by_age()


# ---- the method ----


def rates(observed):
    """{(service, cost group): kr an inhabitant} (METHOD D9)."""
    country, spent, keys = observed[RATE_YEAR][COUNTRY], long_figures(COUNTRY_2024), age_keys()
    found = {}
    for service, sectors in SERVICES.items():
        for group in COST_GROUPS:
            first, last = span(group)
            kr = 0.0
            for sector in sectors:
                amount = spent[COUNTRY, RATE_YEAR, f"ndu_{sector}"] * 1000
                for ages, weight in keys[sector][1]:
                    low, high = span(ages)
                    shared = math.fsum(country[max(first, low):min(last, high) + 1])
                    kr += weight * amount * shared / count(country, ages)
            found[service, group] = kr / count(country, group)
    return found


def projected(path):
    """{year: {municipality: {cost group: people}}} of one projection."""
    prefix = "framskriving_{}_{}_".format(*path.stem.split("-")[1:])
    columns = {group: prefix + "innb_" + group.replace("-", "_").replace("+", "_pluss")
               for group in COST_GROUPS}
    found = {}
    for row in read(path):
        if row["municipality"] != COUNTRY:
            found.setdefault(int(row["year"]), {})[row["municipality"]] = {
                group: int(row[column]) for group, column in columns.items()}
    return found


def by_cost_group(observed, codes):
    """The same of the register."""
    return {year: {k: {group: count(of[k], group) for group in COST_GROUPS} for k in codes}
            for year, of in observed.items()}


@functools.cache
def parts_of(group):
    """The cost groups that a compared group is made of: whole ones."""
    first, last = span(group)
    parts = [g for g in COST_GROUPS if first <= span(g)[0] and span(g)[1] <= last]
    assert sum(span(g)[1] - span(g)[0] + 1 for g in parts) == last - first + 1
    return parts


def of_group(people, group):
    """People of a compared group."""
    return math.fsum(people[g] for g in parts_of(group))


def expected_cells(rate, base, before, now):
    """{(municipality, sector, indicator, measure): value} of one year; people by cost group of each
    member in the base year, the year before (None: not known) and the year."""
    found = {}

    def tell(code, sector, indicator, measure, value):
        found[code, sector, indicator, measure] = value

    def kr(people, service=None):
        return math.fsum(r * people[group] for (of, group), r in rate.items()
                         if service in (None, of))

    for group in [*GROUPS, ""]:
        people, start = ({k: of_group(year[k], group or "0+") for k in now} for year in (now, base))
        everybody, at_first = math.fsum(people.values()), math.fsum(start.values())
        for code in now:
            tell(code, "total", group, "population", people[code])
            tell(code, "total", group, "population_index", people[code] / start[code])
            tell(code, "total", group, "population_index_others",
                 (everybody - people[code]) / (at_first - start[code]))
    for code in now:
        for service in [*SERVICES, None]:
            name = service or "total"
            tell(code, name, "", "need_index", kr(now[code], service) / kr(base[code], service))
            tell(code, name, "", "cost_since_base_million_kr",
                 (kr(now[code], service) - kr(base[code], service)) / MILLION)
            if before:
                change = (kr(now[code], service) - kr(before[code], service)) / MILLION
                tell(code, name, "", "cost_million_kr", change)
                tell(code, name, "", "cost_kr_per_capita",
                     change * MILLION / math.fsum(now[code].values()))
        for (service, group), r in rate.items():
            if before:
                tell(code, service, group, "cost_million_kr",
                     r * (now[code][group] - before[code][group]) / MILLION)
        care = math.fsum(v * of_group(now[code], ages) / of_group(base[code], ages)
                         for ages, v in CARE.items())
        tell(code, "total", "", "care_need_index", 100 * care / math.fsum(CARE.values()))
    return found


def cells(rows, year):
    """What the topic demography holds of one year, as in expected_cells."""
    return {(r["municipality"], r["sector"], r["indicator"], r["measure"]): float(r["value"])
            for r in rows if r["topic"] == "demography" and int(r["year"]) == year and r["value"]}


def assert_as_expected(found, expected):
    for key, value in expected.items():
        assert key in found, key
        # kr per inhabitant of costs that lie on a grid of about a tenth of a kr
        allowed = 1e-5 if key[3] == "cost_kr_per_capita" else 1e-9
        assert found[key] == pytest.approx(value, rel=1e-9, abs=allowed), key


# ---- every vintage of the projections ----


@pytest.fixture(scope="module", params=PROJECTIONS, ids=lambda path: path.stem)
def vintage(request):
    path = request.param
    _, first, alternative = path.stem.split("-")
    edition = f"demography-{first}-{alternative}"
    people = projected(path)
    start = 2005 if first == "2026" else int(first)
    rows = compute(edition, f"{start}-{max(people)}", POPULATION, path, COUNTRY_2024)
    return int(first), people, rows


def test_a_vintage_is_recomputed_for_17_municipalities(vintage, observed):
    base, people, rows = vintage
    codes = sorted(people[base])
    assert len(codes) == 17
    register = by_cost_group(observed, codes)
    series = {year: of for year, of in register.items() if year <= base} | {
        year: of for year, of in people.items() if year > base}
    rate = rates(observed)
    for year in sorted({base, base + 1, (base + max(people)) // 2, max(people)}):
        expected = expected_cells(rate, series[base], series.get(year - 1), series[year])
        assert_as_expected(cells(rows, year), expected)


def test_later_years_are_projected_and_say_so(vintage):
    base, _, rows = vintage
    marks = flags(rows, "population")
    assert marks
    for (_, year, _, _), of in marks.items():
        assert ("projected" in of) == (year > base)


def test_mean_growth_is_that_of_the_years_since_the_base(vintage, observed):
    """METHOD D2, percent and persons a year."""
    base, people, rows = vintage
    year = max(people)
    percent = told(rows, "population_growth_percent")
    persons = told(rows, "population_growth_persons")
    for code in people[base]:
        first, last = (of_group(people[y][code], "80+") for y in (base, year))
        key = (code, year, "total", "80+")
        assert close(percent[key], 100 * ((last / first) ** (1 / (year - base)) - 1))
        assert close(persons[key], (last - first) / (year - base))


def test_costs_add_up_to_the_last_bit(vintage):
    """Groups to services, services to the whole; and group by group."""
    rows = [r for r in vintage[2] if r["topic"] == "demography"]
    cost = {key: value for key, value in told(rows, "cost_million_kr").items()
            if value is not None}
    assert cost
    for code, year in {key[:2] for key in cost}:
        for service in SERVICES:
            parts = [cost[code, year, service, group] for group in COST_GROUPS]
            assert math.fsum(parts) == cost[code, year, service, ""]
        for group in ["", *COST_GROUPS]:
            parts = [cost[code, year, service, group] for service in SERVICES]
            assert math.fsum(parts) == cost[code, year, "total", group]


def test_how_wrong_a_vintage_turned_out_is_recomputed(vintage, observed):
    """Projected over observed people, in percent, and what the difference costs."""
    base, people, rows = vintage
    codes, rate = sorted(people[base]), rates(observed)
    register = by_cost_group(observed, codes)
    percent = {k: v for k, v in told(rows, "projection_error_percent").items() if v is not None}
    cost = {k: v for k, v in told(rows, "cost_error_million_kr").items() if v is not None}
    years = [year for year in people if base < year <= 2026]
    assert {key[1] for key in percent} == {key[1] for key in cost} == set(years)
    for year in years[::3] + years[-1:]:
        for code in codes:
            was, is_ = people[year][code], register[year][code]
            for group in [*GROUPS, ""]:
                ages = group or "0+"
                expected = 100 * (of_group(was, ages) / of_group(is_, ages) - 1)
                assert close(percent[code, year, "total", group], expected)
            expected = math.fsum(r * (was[g] - is_[g]) for (_, g), r in rate.items()) / MILLION
            assert close(cost[code, year, "total", ""], expected)


def test_rates_are_the_countrys_expenditure_by_age(vintage, observed):
    told_rates = {(s, g): v for (_, _, s, g), v in told(vintage[2], "rate_kr").items()
                  if s != "total"}
    expected = rates(observed)
    assert told_rates.keys() == expected.keys()
    for key, value in expected.items():
        assert close(told_rates[key], value)


# ---- what holds whatever the program says ----


def test_rates_spend_what_the_country_spends(observed):
    """METHOD D9: Σ_a r_as P_a = NDU_s."""
    country, spent = observed[RATE_YEAR][COUNTRY], long_figures(COUNTRY_2024)
    for service, sectors in SERVICES.items():
        kr = math.fsum(r * count(country, group) for (of, group), r in rates(observed).items()
                       if of == service)
        amount = math.fsum(spent[COUNTRY, RATE_YEAR, f"ndu_{s}"] for s in sectors)
        assert kr == pytest.approx(amount * 1000, rel=1e-12)


def test_every_projection_has_an_edition_with_its_own_first_year_as_base():
    for path in PROJECTIONS:
        _, first, alternative = path.stem.split("-")
        name = f"demography-{first}-{alternative}"
        edition = yaml.safe_load((EDITIONS / f"{name}.yaml").read_text("utf-8"))
        demography = edition["demography"]
        assert edition["id"] == name
        assert demography.get("base", 2026) == demography["projection"]["through"] == int(first)
        assert demography["projection"]["prefix"] == f"framskriving_{first}_{alternative}_"
        assert edition["years"]["to"] == max(projected(path))


# ---- the printed checks of mean growth (METHOD D2) ----

PRINTED = {"4001": (21.6, 3.3), "4003": (-7.7, -1.3), "4005": (-2.2, -0.4), "4010": (4.1, 0.7)}


def test_the_printed_checks_of_mean_growth(tmp_path):
    """+21.6 percent in six years are 3.3 a year, −7.7 are −1.3, −2.2 are −0.4, +4.1 are 0.7."""
    lines = ["municipality,year,folkemengde," + ",".join(f"alder_{a}" for a in AGES)]
    for code in [*PRINTED, COUNTRY]:
        grown = PRINTED.get(code, (0, 0))[0]
        for year, people in ((2020, 1000), (2026, 1000 + 10 * grown)):
            ages = [f"{people:g}"] * len(AGES)
            lines.append(",".join([code, str(year), f"{people * len(AGES):g}", *ages]))
    path = tmp_path / "made-up.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    edition = six_years(tmp_path)
    rows = compute("grew", "2026", path, "--editions", edition)
    percent = told(rows, "population_growth_percent")
    for code, (_, yearly) in PRINTED.items():
        assert round(percent[code, 2026, "total", "67+"], 1) == yearly


def six_years(folder):
    """A copy of the editions with one whose base is 2020 and that has no costs."""
    target = folder / "editions"
    target.mkdir()
    for name in ("municipalities.csv", "municipality_changes.csv", "kostra_groups.csv",
                 "variables.yaml"):
        (target / name).write_bytes((EDITIONS / name).read_bytes())
    (target / "grew.yaml").write_text("""\
id: grew
title: {nb: "Vekst", en: "Growth"}
source: "made up"
years: [2020, 2026]
structure: 2024
scale: 1
population: folkemengde
missing: drop
group: {name: {nb: "Alle", en: "All"}, municipalities: all}
demography:
  base: 2020
  groups:
    - {id: "67+", ages: 67+, name: {nb: "67+", en: "67+"}}
""", encoding="utf-8")
    return target


# ---- all municipalities ----


@pytest.fixture(scope="module")
def national():
    return compute("demography-national", "2005-2026", POPULATION, COUNTRY_2024)


def test_all_municipalities_have_need_and_demography_in_all_22_years(national):
    people = told(national, "population")
    need = told(national, "need_index")
    for year in range(2005, 2027):
        with_people = {key[0] for key, value in people.items()
                       if key[1:] == (year, "total", "") and value}
        with_need = {key[0] for key, value in need.items()
                     if key[1] == year and key[2] == "pleie_omsorg" and value}
        assert len(with_people) == len(with_need) == (355 if year == 2005 else 357)


@pytest.mark.parametrize("year", [2006, 2015, 2019, 2025, 2026])
def test_demography_of_all_municipalities_is_recomputed(national, observed, year):
    codes = [k for k in observed[year] if k != COUNTRY]
    series = by_cost_group({y: observed[y] for y in (year - 1, year, 2026)
                            if len(observed[y]) >= 356}, codes) if year > 2006 else None
    if series is None:
        codes = [k for k in codes if k in observed[2005]]
        series = by_cost_group({y: observed[y] for y in (2005, 2006, 2026)}, codes)
    found = cells(national, year)
    expected = expected_cells(rates(observed), series[2026], series[year - 1], series[year])
    skipped = {"population_index_others"} if year == 2006 else set()  # two more members
    assert_as_expected(found, {k: v for k, v in expected.items() if k[3] not in skipped})

"""What `kf compute` tells on standard error of unit costs and of a trial that the input, or the
edition, leaves without a result."""

import pytest
from programs import kf

YEAR = 2017


@pytest.fixture
def told(tmp_path):
    """Runs `kf compute` over rows (municipality, variable, value); the lines of standard error."""

    def run(rows, year=YEAR, users=()):
        path = tmp_path / "input.csv"
        lines = [f"{code},{year},{variable},{value},\n" for code, variable, value in rows]
        path.write_text("municipality,year,variable,value,status\n" + "".join(lines),
                        encoding="utf-8")
        files = [path]
        if users:
            files.append(tmp_path / "users.csv")
            files[-1].write_text("municipality,year,net_wage_cost_kr,age\n" + "".join(
                f"{code},{year},{cost},40\n" for code, cost in users), encoding="utf-8")
        answer = kf("compute", "--edition", "sio-2017", "--year", year, "--topic", "unit-cost",
                    "--input", *files)
        assert answer.returncode == 0, answer.stderr
        return answer.stderr.splitlines()

    return run


def group(code, net, **volumes):
    """Net expenditure of home help, 1000 kr, and hours of its services."""
    return [(code, "sio_netto_hjemmetjenester", net)] + [
        (code, f"sio_mengde_{service}", hours) for service, hours in volumes.items()]


# ---- rates ----

CARE_WAGE = [("0926", "sio_netto_omsorgslonn", 450), ("0926", "sio_mengde_ol", 2000)]


def test_a_year_without_rates_is_told_with_what_to_add(told):
    rows = group("0926", 1000, htamdk=1000, htamn=500) + CARE_WAGE
    assert told(rows, year=2018) == [
        "kf compute: edition sio-2017 has no rate of 2018 for HTAMDK, HTAMN, OL, which are "
        "delivered: no unit costs of hjemmetjenester, no grants and gains of hjemmetjenester, "
        "omsorgslonn; add rates: {2018: …} or rate_growth: {2018: …} to the edition"]


def test_explain_gives_the_same_reason_for_a_number_that_is_not_there(tmp_path):
    path = tmp_path / "input.csv"
    path.write_text("municipality,year,variable,value,status\n" + "".join(
        f"{code},2018,{variable},{value},\n" for code, variable, value in
        group("0926", 1000, htamdk=1000, htamn=500)), encoding="utf-8")
    answer = kf("explain", "--edition", "sio-2017", "--year", 2018, "--input", path,
                "--municipality", "0926", "--topic", "unit-cost", "--sector", "hjemmetjenester",
                "--measure", "gain_million_kr")
    assert answer.returncode == 2
    assert "kf explain: edition sio-2017 has no rate of 2018 for HTAMDK, HTAMN," in answer.stderr


def test_a_year_with_rates_lacks_nothing(told):
    assert told(group("0926", 1000, htamdk=1000, htamn=500) + CARE_WAGE) == []


def test_a_single_service_with_a_given_grant_needs_no_rate(told):
    assert told(CARE_WAGE + [("0926", "sio_tilskudd_omsorgslonn", 460)], year=2018) == []


def test_services_that_are_not_delivered_need_no_rate(told):
    rows = [(code, name, 0 if "mengde" in name else value) for code, name, value in CARE_WAGE]
    assert told(rows, year=2018) == []


# ---- one half of a cost group ----

HALF = ": no unit costs and no gain of these cost groups; give both, with the same " \
       "municipality's code"


def test_a_wrong_code_in_one_file_is_told_of_both_municipalities(told):
    mine = group("0926", 1000)
    other = [("0101", "sio_mengde_htamdk", 1500)]
    assert told(mine + other) == [
        f"kf compute: in 2017 net expenditure without volumes: 0926 (hjemmetjenester){HALF}",
        f"kf compute: in 2017 volumes without net expenditure: 0101 (hjemmetjenester){HALF}"]


def test_of_many_municipalities_the_first_few_are_told(told):
    codes = ["0101", "0104", "0105", "0106", "0111", "0118", "0119"]
    rows = [row for code in codes for row in group(code, 1000)]
    assert told(rows + group("0926", 1000, htamdk=1500)) == [
        "kf compute: in 2017 net expenditure without volumes: "
        + ", ".join(f"{code} (hjemmetjenester)" for code in codes[:5]) + f" and 2 more{HALF}"]


def test_a_given_grant_needs_no_volumes(told):
    rows = group("0926", 1000) + [("0926", "sio_tilskudd_hjemmetjenester", 990)]
    assert told(rows + group("0101", 1000, htamdk=1500)) == []


def test_a_volume_of_zero_is_given(told):
    rows = group("0926", 0, htamdk=0) + group("0101", 1000, htamdk=1500)
    assert told(rows) == []


# ---- odd sizes ----


@pytest.mark.parametrize("net, odd", [
    (659, False), (144.5, True), (145, False), (3620, False), (3621, True), (724_000, True)])
def test_amounts_far_from_the_grant_are_asked_about(told, net, odd):
    """1000 hours at 724 kr are 724 000 kr; a fifth is 144 800, five times it 3 620 000."""
    lines = told(group("0926", net, htamdk=1000))
    assert lines == ["kf compute: in 2017 net expenditure is below a fifth of the grant, or more "
                     "than five times it: 0926 (hjemmetjenester); are amounts in kr where the "
                     "register has 1000 kr, or volumes in another unit?"][:odd]


@pytest.mark.parametrize("approved, odd", [(1000, False), (1000.5, True)])
def test_more_hours_approved_than_available_are_asked_about(told, approved, odd):
    lines = told([("0926", "sio_vedtakstid_bolig", approved),
                  ("0926", "sio_arbeidstid_bolig", 1000)])
    assert lines == ["kf compute: in 2017 more hours are approved than there are: 0926 (bolig); "
                     "are the two the wrong way round, or of different periods?"][:odd]


# ---- a trial ----


def test_a_grant_that_lacks_a_part_names_it(told):
    rows = [("0926", "sio_vedtakstilskudd", 1000), ("0926", "sio_rundsumtilskudd", 500),
            ("0101", "sio_vedtakstilskudd", 900)]
    assert told(rows) == [
        "kf compute: in 2017 parts of the grant are not given: 0101 (rundsum, inntektstillegg), "
        "0926 (inntektstillegg): no sum of grants and no gain; give them, 0 where there are none"]
    rows += [("0101", "sio_tilskudd_i_alt", 2000), ("0926", "sio_inntektstillegg", 0)]
    assert told(rows) == []  # a published sum stands in, and 0 is given


# Of 2015, with which 2016 and later are compared; the threshold was 1 081 000 kr.
BASE = 2015


def aggregates(code, users, net):
    return [(code, "ressurskrevende_brukere", users), (code, "ressurskrevende_netto", net)]


@pytest.mark.parametrize("users, net, differs", [
    (2, 3300, None), (2, 3349, None), (3, 3300, "2 users, not 3"),
    (2, 3400, "3.3 million kr, not 3.4")])
def test_users_one_by_one_that_are_others_than_all_together_are_told(told, users, net, differs):
    """Two above the threshold, 3.3 million kr together; the third is below it."""
    one_by_one = [("0926", 1_300_000), ("0926", 2_000_000), ("0926", 900_000)]
    lines = told(aggregates("0926", users, net), year=BASE, users=one_by_one)
    assert lines == ["kf compute: in 2015 users given one by one are not those given all together: "
                     f"0926 ({differs}); those given one by one count"][:differs is not None]


@pytest.mark.parametrize("cost, odd", [(108_000, True), (108_200, False), (2000, True)])
def test_users_that_cost_next_to_nothing_are_asked_about(told, cost, odd):
    lines = told(CARE_WAGE, year=BASE, users=[("0926", cost), ("0926", 1500)])
    assert [line for line in lines if "rate" not in line] == [
        "kf compute: in 2015 no user costs as much as a tenth of the threshold of 1081000 kr: "
        "0926; are the costs in 1000 kr? They are to be in kr"][:odd]


def test_users_without_those_of_the_base_year_are_told_unless_a_gain_is_published(told):
    rows = aggregates("0926", 2, 3300)
    assert told(rows) == [
        "kf compute: the input holds no users of resource-intensive services of 2015: no gain of "
        "theirs in 2017 of 0926; give a users file of 2015, or ressurskrevende_brukere, "
        "ressurskrevende_netto with another --input"]
    assert told(rows + [("0926", "sio_gevinst_ressurskrevende", 1.5)]) == []


@pytest.mark.parametrize("net, odd", [(2161, True), (3210, True), (3243, False), (9000, False)])
def test_users_above_the_threshold_that_cost_less_than_it_are_asked_about(told, net, odd):
    """Three times 1 081 000 kr are 3 243 000; a hundredth may be lost in rounding."""
    assert told(aggregates("0926", 3, net), year=BASE) == [
        "kf compute: in 2015 the users above the threshold of 1081000 kr cost less than that each: "
        "0926; count those above it alone, with their net wage cost"][:odd]


def test_users_of_municipalities_that_were_put_together_are_told(tmp_path):
    """0138 and 0122 became 3014 in 2020."""
    edition = tmp_path / "samlet.yaml"
    edition.write_text('id: samlet\nextends: sio-2017\ntitle: {nb: "S", en: "S"}\n'
                       "structure: 2020\n", encoding="utf-8")
    users = tmp_path / "users.csv"
    users.write_text("municipality,year,net_wage_cost_kr,age\n0138,2017,2235000,40\n"
                     "0122,2017,2235000,40\n", encoding="utf-8")
    answer = kf("compute", "--edition", edition, "--year", 2017, "--input", users)
    assert answer.returncode == 0
    assert "users one by one of 2017 belong to no municipality of the panel" in answer.stderr

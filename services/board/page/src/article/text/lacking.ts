/** What a section without figures says: what is lacking, and which input would give it. */
import { say, type Sentence } from "./pieces";
import type { SectionId } from "./section";
import type { Tongue } from "./tongue";

interface Lack {
  readonly nb: string;
  readonly en: string;
}

const LACKS: Readonly<Record<SectionId, Lack>> = {
  need: {
    nb:
      "Ingen utgave har utgiftsbehov for kommunen. Kriteriene i Grønt hefte eller de publiserte " +
      "delkostnadsindeksene ville gi det.",
    en:
      "No edition has expenditure need of the municipality. The criteria of Grønt hefte (the " +
      "income system's booklet) would give it, or the published sub-cost indices.",
  },
  population: {
    nb:
      "Ingen utgave har folketall etter alder for kommunen. SSBs tabell 07459 ville gi dem, " +
      "og en framskriving (14746) årene framover.",
    en:
      "No edition has people by age of the municipality. Statistics Norway's table 07459 " +
      "would give them, and a projection (14746) the years to come.",
  },
  "demography-cost": {
    nb:
      "Ingen utgave har satser per alder for kommunen. Folketall for to år, kostnadsnøkler og " +
      "landets netto driftsutgifter per sektor ville gi kostnaden av endret befolkning.",
    en:
      "No edition has rates by age for the municipality. People of two years, cost keys and " +
      "the country's net expenditure by sector would give the cost of a changing population.",
  },
  income: {
    nb:
      "Utgaven har ikke tall for disponibel inntekt. Netto renter og avdrag og netto " +
      "driftsresultat, for kommunen og landet, ville gi dem.",
    en:
      "The edition has no figures of disposable income. Net interest and repayments and the " +
      "net operating result would give it, of the municipality and the country.",
  },
  inside: {
    nb:
      "Ingen utgave har ressursbruk mot utgiftsbehov for kommunen. Netto " +
      "driftsutgifter per sektor (SSBs tabell 12362), sammen med landets og utgiftsbehovet, ville " +
      "gi det.",
    en:
      "No edition has resource use against need of the municipality. Net operating " +
      "expenditure by sector (Statistics Norway's table 12362) would give it, with the " +
      "country's and the need indices.",
  },
  outside: {
    nb:
      "Utgaven har ingen tall for sektorer utenfor inntektssystemet. Netto " +
      "driftsutgifter til for eksempel kultur, samferdsel og bolig, for kommunen og landet, ville " +
      "gi dem.",
    en:
      "The edition has no figures of sectors outside the income system. Net operating " +
      "expenditure on, say, culture, roads and housing would give them, of the municipality and " +
      "the country.",
  },
  allocation: {
    nb:
      "Inntektsjustert fordeling krever disponibel inntekt: netto renter og avdrag og netto " +
      "driftsresultat, for kommunen og landet.",
    en:
      "Income-adjusted allocation needs disposable income: net interest and repayments and " +
      "the net operating result, of the municipality and the country.",
  },
  production: {
    nb:
      "Ingen utgave har produksjonsindeks for kommunen. KOSTRAs indikatorer for " +
      "tjenestene ville gi den; brutto driftsutgifter ville i tillegg gi effektiviteten.",
    en:
      "No edition has a production index of the municipality. KOSTRA's indicators of the " +
      "services would give it; gross operating expenditure would add efficiency.",
  },
  change: {
    nb:
      "Utgaven har ikke endring fra året før. Indikatorer og regnskap for begge årene " +
      "ville gi den.",
    en:
      "The edition has no change since the year before. Indicators and accounts of both years " +
      "would give it.",
  },
  indicators: {
    nb:
      "Utgaven har ingen indikatorer for kommunen. KOSTRAs tall for mengde og kvalitet i " +
      "tjenestene ville gi dem.",
    en:
      "The edition has no indicators of the municipality. KOSTRA's figures of the services' " +
      "quantity and quality would give them.",
  },
  "unit-cost": {
    nb:
      "Ingen utgave har enhetskostnader for kommunen. Kommunens regnskap per tjeneste og " +
      "vedtatte timer og døgn ville gi dem.",
    en:
      "No edition has unit costs of the municipality. The municipality's accounts by service " +
      "and its approved hours and days would give them.",
  },
};

export function lackingOf(section: SectionId, tongue: Tongue): Sentence {
  const lack = LACKS[section];
  return say`${tongue.of(lack.nb, lack.en)}`;
}

/** Names of counties by the first two digits of municipal codes, today's and those since 1972. */
const NAMES: Readonly<Record<string, string>> = {
  "01": "Østfold (til 2019)",
  "02": "Akershus (til 2019)",
  "03": "Oslo",
  "04": "Hedmark",
  "05": "Oppland",
  "06": "Buskerud (til 2019)",
  "07": "Vestfold (til 2019)",
  "08": "Telemark (til 2019)",
  "09": "Aust-Agder",
  "10": "Vest-Agder",
  "11": "Rogaland",
  "12": "Hordaland",
  "14": "Sogn og Fjordane",
  "15": "Møre og Romsdal",
  "16": "Sør-Trøndelag",
  "17": "Nord-Trøndelag",
  "18": "Nordland",
  "19": "Troms (til 2019)",
  "20": "Finnmark (til 2019)",
  "30": "Viken",
  "31": "Østfold",
  "32": "Akershus",
  "33": "Buskerud",
  "34": "Innlandet",
  "38": "Vestfold og Telemark",
  "39": "Vestfold",
  "40": "Telemark",
  "42": "Agder",
  "46": "Vestland",
  "50": "Trøndelag",
  "54": "Troms og Finnmark",
  "55": "Troms",
  "56": "Finnmark",
};

/** The county's name, or its number where it has none here. */
export function countyName(number: string): string {
  return (NAMES[number] ?? number).replace(" (til 2019)", "");
}

/** True of numbers that no municipality has any longer. */
export function isFormerCounty(number: string): boolean {
  const today = [
    "03",
    "11",
    "15",
    "18",
    "31",
    "32",
    "33",
    "34",
    "39",
    "40",
    "42",
    "46",
    "50",
    "55",
    "56",
  ];
  return !today.includes(number);
}

"""CSV files of the sources and of data/: what the build scripts of this folder share."""

import csv


def read_rows(path):
    """Return the rows of a CSV file as dictionaries."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path, header, rows):
    """Write rows under a header: commas, LF line ends, UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)

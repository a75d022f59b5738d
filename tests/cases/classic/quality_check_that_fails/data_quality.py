import sys

from db import records


def has_rows(table):
    found = records(f"SELECT COUNT(*) FROM {table}")
    if len(found) < 1 or len(found[0]) < 1:
        raise ValueError(f"Data quality check failed. {table} returned no results")
    if found[0][0] < 1:
        raise ValueError(f"Data quality check failed. {table} contained 0 rows")
    print(f"Data quality on table {table} check passed with {found[0][0]} records")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        has_rows(name)

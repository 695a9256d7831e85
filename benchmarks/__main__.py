"""`make bench`: runs every comparison and writes the rows to a file and a table."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from benchmarks import papers
from benchmarks.harness import measured


def main() -> int:
    """Measure, tell, write; a missed goal is told and is no failure, because machines are noisy."""
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("--out", type=Path, default=Path("build/bench.json"))
    parser.add_argument("--only", default="", help="beginning of the ids to run")
    chosen = parser.parse_args()
    rows = []
    for comparison in papers.comparisons():
        if comparison.id.startswith(chosen.only):
            row = measured(comparison)
            rows.append(row)
            verdict = "met" if row.met else "MISSED"
            times = f"{row.ours:9.2f} {row.unit}, {row.other_name} {row.other:9.2f} {row.unit}"
            print(f"{row.id:14} {times}, ratio {row.ratio:6.2f} {verdict}")
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

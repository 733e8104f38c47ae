"""Reports of contract runs → what moved between two sides: yesterday and today, dev and test.

`run_reports.py` reads one report, `counted_runs.py` counts the runs of a side, `comparison.py` and
`facts.py` compare two sides by what `evidence.py` calls more than noise, `movements.py` names what
they find. `comparison_formats.py` and `comparison_page.py` lay a comparison out.
"""

"""A folder of dated reports → what happened in months of contract runs.

`report_store.py` reads the folder, `history.py` keeps what is needed of each run, `segmentation.py`
finds where numbers changed, `episodes.py` and its neighbours make of it what began, when, and how
long it lasted. `months_formats.py` and `months_page.py` lay it out. The words for what changed are
those of the comparison of two sides (`contract_tests/comparing/`).
"""

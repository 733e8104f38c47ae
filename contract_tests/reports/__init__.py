"""A run → files that outlive it: for programs, for people, for a browser, for GitHub.

`report_values.py` says what every report shows; each other module lays it out in one format. To
add a format: write a module `as_….py` here, with the name of its file in `FILE`, and a function
`text` that lays a report out.

`publishing.py` writes them all; the rest of a run loads only the formats that it prints.
"""

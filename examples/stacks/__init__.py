"""Servers on many stacks that give the documented answer, each judged, healthy and broken."""

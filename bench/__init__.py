"""Measures Onefold, its peers (other frameworks) and the practical limits (code without a framework).

`make bench` compares them. `make bench-scale` measures many rows, sign-ins, an export and live events.
"""

"""How the definitions are computed fast: sorted columns, running totals, chunks on all cores.

It knows no definition.
"""

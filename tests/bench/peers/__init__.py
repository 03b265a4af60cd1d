"""The same report in other tools, each as its own users would write it.

A report is a dict: as_of (ISO day), churn_gap_days, sample and lapsed (customers), and rows for all and for
each tier: segment, customers, orders, revenue and start (ten-thousandths; the value from which a tier begins),
check, frequency, retention, within (months), ltv (currency units, within 12 months).
"""

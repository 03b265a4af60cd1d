"""An invented shop: customers, orders and spend, drawn from a seed, with the dirt of a real one."""

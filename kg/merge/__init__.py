"""Accounts of one real-world fact, joined to one node; which value it has, and why."""

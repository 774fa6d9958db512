"""Rights on PostgreSQL: held by the server itself, whatever a client asks (semantics §14).

`grants.py` says which role may do what with which table, `functions.sql` and `guards.py` what the
server sets and refuses by itself, `laying.py` brings both into a database, `members.py` knows who
belongs to which role.
"""

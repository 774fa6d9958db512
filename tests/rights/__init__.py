"""Rights on PostgreSQL: what each role may and may not, asked of the server itself."""

"""The shape of the database: tables, column types and the ordered steps that lead to them."""

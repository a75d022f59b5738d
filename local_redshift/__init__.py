"""A Redshift on your laptop: Redshift SQL over the PostgreSQL wire protocol, on DuckDB."""

"""What can be asked about the warehouse itself: stl_*, sys_*, svv_* and the PostgreSQL catalogs."""

-- Drop everything. Facts first, they refer to the dimensions.
DROP TABLE IF EXISTS fact_songplay CASCADE;
DROP TABLE IF EXISTS dim_song CASCADE;
DROP TABLE IF EXISTS dim_artist CASCADE;
DROP TABLE IF EXISTS dim_user CASCADE;
DROP TABLE IF EXISTS dim_time CASCADE;
DROP TABLE IF EXISTS stage_log CASCADE;
DROP TABLE IF EXISTS stage_song CASCADE;

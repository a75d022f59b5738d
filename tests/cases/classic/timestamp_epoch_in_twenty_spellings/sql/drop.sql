CREATE SCHEMA IF NOT EXISTS stage;
DROP TABLE IF EXISTS stage.events, stage.moments;

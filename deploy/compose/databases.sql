-- The warehouse is made by the image; Dagster keeps its runs beside it.
CREATE DATABASE dagster;

DROP TABLE import_ranges;
DROP TABLE imports;

DROP TABLE index_choices;

UPDATE rollup_state SET coarse = 1, generation = generation + 1;

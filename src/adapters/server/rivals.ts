// Two runs in one schema: what they say of each other's tables, and what to do.

/** For a table that is there, or gone, against all that this run knows. */
export const RIVAL_HINT = 'If another run builds in the same schema at this moment, let it end; then run this again.';

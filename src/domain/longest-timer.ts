/** Milliseconds that a timer can wait at most, some 24 days; one that is told to wait longer goes off at once. */
export const LONGEST_TIMER_MS = 2_147_483_647;

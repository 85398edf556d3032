/** What the seeded market does at a planned moment: numbers, because the schedule keeps columns. */
export const TASK = {
  factors: 1,
  settle: 2,
  core: 3,
  open: 4,
  close: 5,
  post: 6,
  halt: 7,
  quoting: 8,
  resume: 9,
  jump: 10,
  correct: 11,
  bars: 12,
} as const;

/**
 * Bars of a window may lie so many spans apart: nothing traded in between. Further apart, and over
 * night, a window begins anew, where it is learned from and where it is scored.
 */
export const WINDOW_SPANS_APART_MAX = 10;

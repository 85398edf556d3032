/*
 * The ten standard indicators over rows of doubles, one row a symbol, round robin: what the same
 * algorithms cost in a compiled language. Layout of a row and arithmetic are those of
 * src/domain/indicators; periods are constants here, as nobody can set them.
 *
 *   ten BARS SYMBOLS WARM MEASURED OUT
 *
 * BARS holds rows of eight doubles (open high low close volume session start since-open), as many as
 * a power of two. Symbol s takes row (s * 31 + minute) of them. Prints CPU and wall nanoseconds a
 * symbol-bar as JSON; OUT gets all rows of state.
 */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { OPEN, HIGH, LOW, CLOSE, VOLUME, SESSION, BAR_WIDTH = 8 };
enum { SYMBOL_STEP = 31 };

#define ZERO_BELOW 1e-14
#define REMEASURE_BELOW 1e-4

enum { SMA_PERIOD = 20, SMA_RING = 4, SMA_WIDTH = SMA_RING + SMA_PERIOD };

static inline void sma(double *state, const double *bar) {
  const double added = bar[CLOSE];
  if (added - added != 0) return;
  const int count = (int)state[3];
  const int place = count < SMA_PERIOD ? count : count - SMA_PERIOD;
  const double gone = state[SMA_RING + place];
  const double before = state[1];
  const double between = before + added;
  const double addedPart = between - before;
  const double lostIn = before - (between - addedPart) + (added - addedPart);
  const double after = between - gone;
  const double gonePart = between - after;
  const double lostOut = between - (after + gonePart) - (gone - gonePart);
  state[1] = after;
  state[2] += lostIn + lostOut;
  state[SMA_RING + place] = added;
  state[3] = place + 1 == SMA_PERIOD ? SMA_PERIOD : count + 1;
  if (count + 1 >= SMA_PERIOD) state[0] = (state[1] + state[2]) / SMA_PERIOD;
}

enum { EMA_PERIOD = 20, EMA_WIDTH = 3 };

static inline void ema(double *state, const double *bar) {
  const double close = bar[CLOSE];
  if (close - close != 0) return;
  const int count = (int)state[2];
  if (count == EMA_PERIOD) {
    state[0] = (close - state[0]) * (2.0 / (EMA_PERIOD + 1)) + state[0];
    return;
  }
  state[1] += close;
  state[2] = count + 1;
  if (count + 1 == EMA_PERIOD) state[0] = state[1] / EMA_PERIOD;
}

enum { RSI_PERIOD = 14, RSI_WIDTH = 5 };

static inline void rsi(double *state, const double *bar) {
  const double close = bar[CLOSE];
  if (close - close != 0) return;
  const int count = (int)state[4];
  const double change = close - state[3];
  state[3] = close;
  if (count <= RSI_PERIOD) state[4] = count + 1;
  if (count == 0) return;
  const double keep = count > RSI_PERIOD ? RSI_PERIOD - 1 : 1;
  const double share = count < RSI_PERIOD ? 1 : RSI_PERIOD;
  const double gain = (state[1] * keep + (change > 0 ? change : 0)) / share;
  const double loss = (state[2] * keep + (change < 0 ? -change : 0)) / share;
  state[1] = gain;
  state[2] = loss;
  if (count < RSI_PERIOD) return;
  const double total = gain + loss;
  state[0] = total < ZERO_BELOW ? 0 : 100 * (gain / total);
}

enum { FAST = 12, SLOW = 26, SIGNAL = 9, MACD_WARM = SLOW + SIGNAL - 1, MACD_WIDTH = 7 };

static inline void macd(double *state, const double *bar) {
  const double close = bar[CLOSE];
  if (close - close != 0) return;
  const int count = (int)state[6];
  double fast = state[3];
  double slow = state[4];
  if (count >= SLOW) {
    fast = (close - fast) * (2.0 / (FAST + 1)) + fast;
    slow = (close - slow) * (2.0 / (SLOW + 1)) + slow;
  } else {
    slow += close;
    if (count >= SLOW - FAST) fast += close;
    if (count == SLOW - 1) {
      slow /= SLOW;
      fast /= FAST;
    }
  }
  state[3] = fast;
  state[4] = slow;
  if (count < MACD_WARM) state[6] = count + 1;
  if (count < SLOW - 1) return;
  const double line = fast - slow;
  double signal = state[1];
  if (count < MACD_WARM) {
    state[5] += line;
    if (count < MACD_WARM - 1) return;
    signal = state[5] / SIGNAL;
  } else {
    signal = (line - signal) * (2.0 / (SIGNAL + 1)) + signal;
  }
  state[0] = line;
  state[1] = signal;
  state[2] = line - signal;
}

enum { BANDS_PERIOD = 20, BANDS_RING = 6, BANDS_WIDTH = BANDS_RING + BANDS_PERIOD };

static inline void measureBands(double *state) {
  const double *ring = state + BANDS_RING;
  double sum = 0;
  for (int index = 0; index < BANDS_PERIOD; index += 1) sum += ring[index];
  const double mean = sum / BANDS_PERIOD;
  double squares = 0;
  for (int index = 0; index < BANDS_PERIOD; index += 1) {
    const double distance = ring[index] - mean;
    squares += distance * distance;
  }
  state[1] = mean;
  state[3] = squares;
  state[4] = squares;
}

static inline void bollinger(double *state, const double *bar) {
  const double close = bar[CLOSE];
  if (close - close != 0) return;
  const int count = (int)state[5];
  const int place = count < BANDS_PERIOD ? count : count - BANDS_PERIOD;
  const double old = state[BANDS_RING + place];
  state[BANDS_RING + place] = close;
  state[5] = place + 1 == BANDS_PERIOD ? BANDS_PERIOD : count + 1;
  if (count + 1 < BANDS_PERIOD) return;
  if (place + 1 == BANDS_PERIOD) {
    measureBands(state);
  } else {
    const double delta = close - old;
    const double mean = state[1];
    const double nextMean = mean + delta / BANDS_PERIOD;
    const double squares = state[3] + delta * (close - nextMean + (old - mean));
    if (squares < state[4] * REMEASURE_BELOW) {
      measureBands(state);
    } else {
      state[1] = nextMean;
      state[3] = squares;
    }
  }
  const double variance = state[3] / BANDS_PERIOD;
  const double distance = variance < ZERO_BELOW ? 0 : sqrt(variance) * 2;
  state[0] = state[1] + distance;
  state[2] = state[1] - distance;
}

static inline double larger(double one, double other) { return one > other ? one : other; }
static inline double smaller(double one, double other) { return one < other ? one : other; }

static inline double trueRange(double high, double low, double previous) {
  return larger(high - low, larger(fabs(high - previous), fabs(low - previous)));
}

enum { ATR_PERIOD = 14, ATR_WIDTH = 4 };

static inline void atr(double *state, const double *bar) {
  const double sound = bar[HIGH] + bar[LOW] + bar[CLOSE];
  if (sound - sound != 0) return;
  const int count = (int)state[3];
  const double previous = state[2];
  state[2] = bar[CLOSE];
  if (count <= ATR_PERIOD) state[3] = count + 1;
  if (count == 0) return;
  const double range = trueRange(bar[HIGH], bar[LOW], previous);
  if (count > ATR_PERIOD) {
    state[0] = (state[0] * (ATR_PERIOD - 1) + range) / ATR_PERIOD;
    return;
  }
  state[1] += range;
  if (count == ATR_PERIOD) state[0] = state[1] / ATR_PERIOD;
}

enum { STOCH_PERIOD = 14, SLOWING = 3, SMOOTHING = 3, HIGHS = 7, LOWS = HIGHS + STOCH_PERIOD };
enum { RAWS = LOWS + STOCH_PERIOD, KS = RAWS + SLOWING, STOCH_WIDTH = KS + SMOOTHING };

static inline void stochastic(double *state, const double *bar) {
  const double high = bar[HIGH], low = bar[LOW], close = bar[CLOSE];
  const double sound = high + low + close;
  if (sound - sound != 0) return;
  double *highs = state + HIGHS;
  double *lows = state + LOWS;
  const int count = (int)state[2];
  const int place = count < STOCH_PERIOD ? count : count - STOCH_PERIOD;
  double highest = place == 0 ? high : larger(state[3], high);
  double lowest = place == 0 ? low : smaller(state[4], low);
  state[2] = place + 1 == STOCH_PERIOD ? STOCH_PERIOD : count + 1;
  state[3] = highest;
  state[4] = lowest;
  highs[place] = high;
  lows[place] = low;
  if (place + 1 == STOCH_PERIOD) {
    double top = highs[STOCH_PERIOD - 1];
    double bottom = lows[STOCH_PERIOD - 1];
    for (int index = STOCH_PERIOD - 2; index > 0; index -= 1) {
      highs[index] = top = larger(top, highs[index]);
      lows[index] = bottom = smaller(bottom, lows[index]);
    }
  } else {
    if (count < STOCH_PERIOD) return;
    highest = larger(highest, highs[place + 1]);
    lowest = smaller(lowest, lows[place + 1]);
  }
  const double scale = (highest - lowest) / 100;
  const int rawPlace = (int)state[5];
  state[RAWS + rawPlace] = scale == 0 ? 0 : (close - lowest) / scale;
  state[5] = rawPlace + 1 == SLOWING ? 0 : rawPlace + 1;
  const double k = (state[RAWS] + state[RAWS + 1] + state[RAWS + 2]) / SLOWING;
  if (k != k) return;
  const int kPlace = (int)state[6];
  state[KS + kPlace] = k;
  state[6] = kPlace + 1 == SMOOTHING ? 0 : kPlace + 1;
  const double d = state[KS] + state[KS + 1] + state[KS + 2];
  if (d != d) return;
  state[0] = k;
  state[1] = d / SMOOTHING;
}

enum { VWAP_WIDTH = 4 };

static inline void vwap(double *state, const double *bar) {
  const double typical = (bar[HIGH] + bar[LOW] + bar[CLOSE]) / 3;
  const double sound = typical + bar[VOLUME] + bar[SESSION];
  if (sound - sound != 0) return;
  double turnover = typical * bar[VOLUME];
  double shares = bar[VOLUME];
  if (bar[SESSION] == state[3]) {
    turnover += state[1];
    shares += state[2];
  }
  state[3] = bar[SESSION];
  state[1] = turnover;
  state[2] = shares;
  state[0] = shares > 0 ? turnover / shares : NAN;
}

enum { OBV_WIDTH = 2 };

static inline void obv(double *state, const double *bar) {
  const double close = bar[CLOSE];
  const double sound = close + bar[VOLUME];
  if (sound - sound != 0) return;
  const double previous = state[1];
  state[1] = close;
  if (previous != previous) state[0] = bar[VOLUME];
  else if (close > previous) state[0] += bar[VOLUME];
  else if (close < previous) state[0] -= bar[VOLUME];
}

enum { ADX_PERIOD = 14, ADX_WIDTH = 9 };

static inline void adx(double *state, const double *bar) {
  const double high = bar[HIGH], low = bar[LOW], close = bar[CLOSE];
  const double sound = high + low + close;
  if (sound - sound != 0) return;
  const int count = (int)state[8];
  const double up = high - state[5];
  const double down = state[6] - low;
  const double previous = state[7];
  state[5] = high;
  state[6] = low;
  state[7] = close;
  if (count < 2 * ADX_PERIOD) state[8] = count + 1;
  if (count == 0) return;
  const double share = count < ADX_PERIOD ? 0 : 1.0 / ADX_PERIOD;
  state[2] = state[2] - state[2] * share + (up > 0 && up > down ? up : 0);
  state[3] = state[3] - state[3] * share + (down > 0 && up < down ? down : 0);
  state[4] = state[4] - state[4] * share + trueRange(high, low, previous);
  if (count < ADX_PERIOD) return;
  const double range = state[4];
  const double plus = range < ZERO_BELOW ? 0 : 100 * (state[2] / range);
  const double minus = range < ZERO_BELOW ? 0 : 100 * (state[3] / range);
  const double total = plus + minus;
  const double index = total < ZERO_BELOW ? 0 : 100 * (fabs(plus - minus) / total);
  if (count < 2 * ADX_PERIOD) {
    state[1] += index;
    if (count == 2 * ADX_PERIOD - 1) state[0] = state[1] / ADX_PERIOD;
  } else if (total >= ZERO_BELOW) {
    state[0] = (state[0] * (ADX_PERIOD - 1) + index) / ADX_PERIOD;
  }
}

enum { SMA_AT = 0, EMA_AT = SMA_AT + SMA_WIDTH, RSI_AT = EMA_AT + EMA_WIDTH };
enum { MACD_AT = RSI_AT + RSI_WIDTH, BANDS_AT = MACD_AT + MACD_WIDTH };
enum { ATR_AT = BANDS_AT + BANDS_WIDTH, STOCH_AT = ATR_AT + ATR_WIDTH };
enum { VWAP_AT = STOCH_AT + STOCH_WIDTH, OBV_AT = VWAP_AT + VWAP_WIDTH };
enum { ADX_AT = OBV_AT + OBV_WIDTH, WIDTH = ADX_AT + ADX_WIDTH };

static void reset(double *row) {
  for (int slot = 0; slot < WIDTH; slot += 1) row[slot] = 0;
  row[SMA_AT] = row[EMA_AT] = row[RSI_AT] = row[ATR_AT] = row[VWAP_AT] = row[ADX_AT] = NAN;
  for (int slot = 0; slot < 3; slot += 1) row[MACD_AT + slot] = row[BANDS_AT + slot] = NAN;
  for (int slot = 0; slot < 2; slot += 1) row[STOCH_AT + slot] = row[OBV_AT + slot] = NAN;
  for (int slot = RAWS; slot < STOCH_WIDTH; slot += 1) row[STOCH_AT + slot] = NAN;
  row[VWAP_AT + 3] = NAN;
}

static void update(double *row, const double *bar) {
  sma(row + SMA_AT, bar);
  ema(row + EMA_AT, bar);
  rsi(row + RSI_AT, bar);
  macd(row + MACD_AT, bar);
  bollinger(row + BANDS_AT, bar);
  atr(row + ATR_AT, bar);
  stochastic(row + STOCH_AT, bar);
  vwap(row + VWAP_AT, bar);
  obv(row + OBV_AT, bar);
  adx(row + ADX_AT, bar);
}

static double nanoseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * 1e9 + now.tv_nsec;
}

static double *readBars(const char *path, long *count) {
  FILE *file = fopen(path, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) exit(2);
  const long bytes = ftell(file);
  rewind(file);
  double *bars = malloc(bytes);
  if (bars == NULL || fread(bars, 1, bytes, file) != (size_t)bytes) exit(2);
  fclose(file);
  *count = bytes / (BAR_WIDTH * (long)sizeof(double));
  return bars;
}

int main(int argc, char **argv) {
  if (argc != 6) return 2;
  long barCount;
  const double *bars = readBars(argv[1], &barCount);
  const long symbols = atol(argv[2]);
  const long warm = atol(argv[3]);
  const long until = warm + atol(argv[4]);
  double *rows = malloc(symbols * WIDTH * sizeof(double));
  if (rows == NULL) return 2;
  for (long symbol = 0; symbol < symbols; symbol += 1) reset(rows + symbol * WIDTH);

  double cpu = 0, wall = 0;
  for (long minute = 0; minute < until; minute += 1) {
    if (minute == warm) {
      cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
      wall = nanoseconds(CLOCK_MONOTONIC);
    }
    for (long symbol = 0; symbol < symbols; symbol += 1) {
      const long place = (symbol * SYMBOL_STEP + minute) & (barCount - 1);
      update(rows + symbol * WIDTH, bars + place * BAR_WIDTH);
    }
  }
  const double updates = (double)symbols * (until - warm);
  cpu = (nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) / updates;
  wall = (nanoseconds(CLOCK_MONOTONIC) - wall) / updates;
  printf("{\"cpuNs\":%.4f,\"wallNs\":%.4f}\n", cpu, wall);

  FILE *out = fopen(argv[5], "wb");
  if (out == NULL) return 2;
  fwrite(rows, sizeof(double), symbols * WIDTH, out);
  return fclose(out) == 0 ? 0 : 2;
}

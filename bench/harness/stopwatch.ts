/** CPU and wall time since it was made. CPU is that of all threads: compiler and collector too. */
export class Stopwatch {
  readonly #cpu = process.cpuUsage();
  readonly #wallMs = performance.now();

  read(): { readonly cpuMs: number; readonly wallMs: number } {
    const { user, system } = process.cpuUsage(this.#cpu);
    return { cpuMs: (user + system) / 1_000, wallMs: performance.now() - this.#wallMs };
  }

  /** Times and rates of so many things. */
  rates(count: number): Readonly<Record<string, number>> {
    const { cpuMs, wallMs } = this.read();
    return {
      count,
      cpuMs,
      wallMs,
      perCpuSecond: (count / cpuMs) * 1_000,
      perWallSecond: (count / wallMs) * 1_000,
    };
  }
}

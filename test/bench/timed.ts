/** Seconds that some work took, by the clock and in processor time of the whole process. */
export interface Times {
  readonly wall: number;
  readonly cpu: number;
}

/** Does some work and tells how long it took. */
export async function timed(work: () => Promise<unknown>): Promise<Times> {
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const wall = (performance.now() - start) / 1e3;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1e6 };
}

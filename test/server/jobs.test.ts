import { describe, expect, it } from "vitest";
import type { IngestEvent, IngestReport } from "../../src/domain/ingest.ts";
import { createJobs, type StartJobRequest } from "../../src/server/jobs.ts";
import { fakeReport } from "./fake-use-cases.ts";

function heldJob(collection: string): { readonly request: StartJobRequest; readonly release: () => void } {
  const gate = Promise.withResolvers<void>();
  return {
    release: gate.resolve,
    request: {
      collection,
      files: 1,
      bytes: 1,
      async *run(): AsyncGenerator<IngestEvent, IngestReport> {
        yield { type: "file-start", source: "a" };
        await gate.promise;
        return fakeReport(collection, 1);
      },
    },
  };
}

describe("createJobs", () => {
  it("runs the jobs of one collection one after the other, and those of others beside them", async () => {
    const jobs = createJobs();
    const [one, two, other] = [heldJob("a"), heldJob("a"), heldJob("b")];
    const started = [one, two, other].map(({ request }) => jobs.start(request));
    await new Promise((resolve) => setImmediate(resolve));
    const states = (): unknown[] => started.map(({ job }) => jobs.get(job.id)?.state);
    expect(states()).toEqual(["running", "queued", "running"]);
    one.release();
    await started[0]?.ended;
    await new Promise((resolve) => setImmediate(resolve));
    expect(states()).toEqual(["done", "running", "running"]);
    two.release();
    other.release();
    await Promise.all(started.map(({ ended }) => ended));
    expect(states()).toEqual(["done", "done", "done"]);
  });

  it("forgets a job an hour after its end", async () => {
    let now = 0;
    const jobs = createJobs({ now: () => now });
    const { request, release } = heldJob("a");
    const { job, ended } = jobs.start(request);
    now = 10 * 3_600_000;
    expect(jobs.get(job.id)).toBeDefined();
    release();
    await ended;
    now += 3_599_999;
    expect(jobs.get(job.id)?.state).toBe("done");
    now += 1;
    expect(jobs.get(job.id)).toBeUndefined();
  });

  it("refuses a job when too many are open", () => {
    const jobs = createJobs({ maxOpen: 1 });
    jobs.start(heldJob("a").request);
    expect(() => jobs.start(heldJob("b").request)).toThrow(expect.objectContaining({ code: "rate_limited" }));
  });

  it("ends a cancelled job, whether it runs or waits, and begins none that was", async () => {
    const jobs = createJobs();
    const began: string[] = [];
    const logged: unknown[] = [];
    const request = (name: string): StartJobRequest => ({
      collection: "a",
      files: 1,
      bytes: 1,
      async *run(signal): AsyncGenerator<IngestEvent, IngestReport> {
        began.push(name);
        yield { type: "file-start", source: name };
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("stopped"))));
        return fakeReport("a", 1);
      },
      onError: (error) => logged.push(error),
    });
    const [running, waiting] = [jobs.start(request("running")), jobs.start(request("waiting"))];
    await new Promise((resolve) => setImmediate(resolve));
    expect(jobs.cancel(waiting.job.id)).toBe(true);
    expect(jobs.get(waiting.job.id)).toMatchObject({ state: "failed", error: { code: "job_cancelled" } });
    expect(jobs.cancel(running.job.id)).toBe(true);
    await Promise.all([running.ended, waiting.ended]);
    expect(jobs.get(running.job.id)).toMatchObject({ state: "failed", error: { code: "job_cancelled" } });
    expect(began).toEqual(["running"]);
    expect(logged).toEqual([]);
    expect(jobs.cancel("none")).toBe(false);
  });
});

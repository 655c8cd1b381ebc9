import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { systemErrorCode } from "./errors.ts";

/** A name in which this process can own something, unlike every other one it was given. */
export function createOwner(): string {
  return [machine(), process.pid, randomUUID()].join("/");
}

/** This process, for people. */
export function processName(): string {
  return `process ${process.pid} on ${hostname()}`;
}

/** Whether an owner was a process of this machine that has ended; nothing is known of other machines. */
export function isDead(owner: string): boolean {
  const [where, pid = ""] = owner.split("/");
  if (where !== machine() || !/^\d+$/.test(pid)) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return systemErrorCode(error) === "ESRCH";
  }
}

let machineName: string | null = null;

/** Tells apart what counts processes from one each: machines, their starts, and containers. */
function machine(): string {
  machineName ??= [hostname(), readBoot(), readProcessSpace()].join("-").replaceAll("/", "-");
  return machineName;
}

function readBoot(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
  } catch {
    return "";
  }
}

function readProcessSpace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid").replaceAll(/\D/g, "");
  } catch {
    return "";
  }
}

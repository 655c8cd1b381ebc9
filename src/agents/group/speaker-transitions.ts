import type { Agent } from "../agent.ts";

/** Who may speak after whom, by agents or their names. */
export type SpeakerTransitions =
  | ReadonlyMap<Agent | string, readonly (Agent | string)[]>
  | Readonly<Record<string, readonly (Agent | string)[]>>;

/** Whether transitions say what is allowed or what is not. */
export type SpeakerTransitionsType = "allowed" | "disallowed";

/** Names by name: who may speak after whom. */
export type AllowedTransitions = ReadonlyMap<string, readonly string[]>;

/** What a group says about who may follow whom. */
export interface TransitionRules {
  readonly agents: readonly Agent[];
  readonly allowRepeatSpeaker: boolean | readonly (Agent | string)[] | undefined;
  readonly transitions: SpeakerTransitions | undefined;
  readonly type: SpeakerTransitionsType | undefined;
}

/**
 * The allowed transitions of a group, and what is odd about them. Throws a `TypeError` for rules that contradict each
 * other or name somebody who is not in the group.
 */
export function readTransitions(rules: TransitionRules): {
  readonly allowed: AllowedTransitions;
  readonly warnings: readonly string[];
} {
  const { agents, allowRepeatSpeaker, transitions, type } = rules;
  if (transitions === undefined) {
    if (type !== undefined) throw new TypeError("speakerTransitionsType needs allowedOrDisallowedSpeakerTransitions.");
    return { allowed: byRepeating(agents, allowRepeatSpeaker ?? true), warnings: [] };
  }
  if (allowRepeatSpeaker !== undefined) {
    throw new TypeError(
      "Give either allowRepeatSpeaker or allowedOrDisallowedSpeakerTransitions; a graph says by itself who may speak twice.",
    );
  }
  if (type !== "allowed" && type !== "disallowed") {
    throw new TypeError(`speakerTransitionsType must be "allowed" or "disallowed", not ${JSON.stringify(type)}.`);
  }
  const graph = toGraph(transitions, agents);
  const allowed = type === "allowed" ? graph : invert(graph, agents);
  return { allowed, warnings: oddities(graph, { allowed, agents }) };
}

function byRepeating(
  agents: readonly Agent[],
  allowRepeatSpeaker: boolean | readonly (Agent | string)[],
): AllowedTransitions {
  if (typeof allowRepeatSpeaker !== "boolean" && !Array.isArray(allowRepeatSpeaker)) {
    throw new TypeError("allowRepeatSpeaker must be true, false or a list of agents.");
  }
  const names = agents.map(({ name }) => name);
  const owner = "allowRepeatSpeaker names";
  const repeating =
    typeof allowRepeatSpeaker !== "boolean"
      ? allowRepeatSpeaker.map((agent) => memberName(agent, { agents, owner }))
      : allowRepeatSpeaker
        ? names
        : [];
  return new Map(names.map((name) => [name, names.filter((other) => other !== name || repeating.includes(name))]));
}

function toGraph(transitions: SpeakerTransitions, agents: readonly Agent[]): AllowedTransitions {
  if (typeof transitions !== "object" || transitions === null || Array.isArray(transitions)) {
    throw new TypeError("allowedOrDisallowedSpeakerTransitions must be an object of lists, or a Map.");
  }
  const entries: readonly (readonly [Agent | string, unknown])[] =
    transitions instanceof Map ? [...transitions] : Object.entries(transitions);
  return new Map(
    entries.map(([from, targets]) => {
      const owner = "The transitions name";
      const name = memberName(from, { agents, owner });
      if (!Array.isArray(targets)) throw new TypeError(`The transitions of ${name} must be a list of agents.`);
      return [name, targets.map((target: Agent | string) => memberName(target, { agents, owner }))];
    }),
  );
}

function memberName(
  agent: Agent | string,
  { agents, owner }: { readonly agents: readonly Agent[]; readonly owner: string },
): string {
  const name = typeof agent === "string" ? agent : agent.name;
  if (agents.some((member) => member.name === name)) return name;
  if (name === "[object Object]") {
    throw new TypeError(`${owner} an object as a key, which JavaScript makes a text: use names, or a Map of agents.`);
  }
  throw new TypeError(`${owner} ${JSON.stringify(name)}, which is not in the group.`);
}

function invert(graph: AllowedTransitions, agents: readonly Agent[]): AllowedTransitions {
  const names = agents.map(({ name }) => name);
  return new Map(names.map((name) => [name, names.filter((other) => !(graph.get(name) ?? []).includes(other))]));
}

function oddities(
  graph: AllowedTransitions,
  { allowed, agents }: { allowed: AllowedTransitions; agents: readonly Agent[] },
): string[] {
  const reached = new Set([...allowed.values()].flat());
  const isolated = agents.filter(({ name }) => (allowed.get(name) ?? []).length === 0 && !reached.has(name));
  const twice = [...graph].filter(([, targets]) => new Set(targets).size < targets.length);
  const missing = agents.filter(({ name }) => !allowed.has(name));
  return [
    ...isolated.map(({ name }) => `${name} can neither follow nor be followed.`),
    ...twice.map(([name]) => `The transitions of ${name} name somebody twice.`),
    ...missing
      .filter(({ name }) => reached.has(name))
      .map(({ name }) => `${name} has no transitions: the chat ends after it.`),
  ];
}

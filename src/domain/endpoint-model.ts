/** What the name of a model behind a service begins with. */
export const ENDPOINT_PREFIX = "endpoint:";

/** Whether a setting names an embedding model behind a service, the one with this name where that matters. */
export function isEndpointModel(model: string | undefined, name?: string): boolean {
  return name === undefined ? model?.startsWith(ENDPOINT_PREFIX) === true : model === ENDPOINT_PREFIX + name;
}

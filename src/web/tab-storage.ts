// Said here, since tests read this file without the browser's types.
declare const location: { readonly pathname: string };

/**
 * The name that something is kept under. Browsers keep one storage for a whole host, where a proxy may have put several
 * servers below different paths.
 */
export function itemName(name: string): string {
  return location.pathname === "/" ? name : `${name} ${location.pathname}`;
}

/** Stands in where the browser keeps nothing for pages: what is in it lasts until the page is left. */
const memory = new Map<string, string>();

/** What is kept under a name until the tab is closed; null where there is nothing. */
export function readTabItem(name: string): string | null {
  try {
    return memory.get(name) ?? sessionStorage.getItem(itemName(name));
  } catch {
    return null;
  }
}

/** Keeps a text until the tab is closed. */
export function keepTabItem(name: string, text: string): void {
  try {
    sessionStorage.setItem(itemName(name), text);
    memory.delete(name);
  } catch {
    // Storage that is full or forbidden must not keep anybody from asking.
    memory.set(name, text);
  }
}

/** Forgets what was kept under a name. */
export function forgetTabItem(name: string): void {
  memory.delete(name);
  try {
    sessionStorage.removeItem(itemName(name));
  } catch {
    // Nothing was kept there.
  }
}

/** A value that outlives the page where the browser permits it. */

export interface Slot<T> {
  load(): T | undefined;
  save(value: T | undefined): void;
}

/** Keeps a value in web storage, or in memory where storage is missing, forbidden or full, as in some private windows. */
export function slot<T>(key: string, open: () => Storage | undefined): Slot<T> {
  let memory: T | undefined;
  let storage = attempt(open);
  return {
    load: () => {
      if (storage === undefined) return memory;
      const text = attempt(() => storage?.getItem(key));
      return text ? attempt(() => JSON.parse(text) as T) : undefined;
    },
    save: (value) => {
      memory = value;
      try {
        if (value === undefined) storage?.removeItem(key);
        else storage?.setItem(key, JSON.stringify(value));
      } catch {
        attempt(() => storage?.removeItem(key)); // an old value is worse than none
        storage = undefined;
      }
    },
  };
}

/** `localStorage` of a page. Node has one too, but it is not one for each user. */
export const pageStorage = () => (inPage() ? localStorage : undefined);

/** Whether this runs in a page, which has other tabs beside it; a server has many users instead. */
export const inPage = () => typeof document !== "undefined";

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

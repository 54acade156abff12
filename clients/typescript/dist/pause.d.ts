/** Waits, or until the signal is aborted. */
export declare function pause(milliseconds: number, signal?: AbortSignal): Promise<void>;

// A time-out is an ordinary result that says "could not check".

export class DeadlineError extends Error {
  constructor(readonly milliseconds: number) {
    super(`no answer within ${milliseconds} ms`);
  }
}

/** The promise, or a DeadlineError after so many milliseconds. Settles exactly once, and leaves no timer behind. */
export function within<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new DeadlineError(milliseconds)), milliseconds);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Runs the last of several calls, `milliseconds` after it: for keys typed one after the other. */
export function afterPause(milliseconds: number, run: () => void): { poke: () => void; stop: () => void } {
  let timer: unknown = null;
  const stop = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  return {
    stop,
    poke: () => {
      stop();
      timer = setTimeout(() => {
        timer = null;
        run();
      }, milliseconds);
    },
  };
}

// All that core needs of a platform: timers, which every host of JavaScript has.
declare function setTimeout(callback: () => void, milliseconds: number): unknown;
declare function clearTimeout(timer: unknown): void;

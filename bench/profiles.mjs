// The three ways to the pages: what lies between browser and server, and how much slower the page's processor is.

/** `link`: round trip in milliseconds, bits a second down and up. `cpu`: how many times slower the page's main thread is. */
export const PROFILES = [
  { name: 'none', title: 'no throttle', cpu: 1 },
  { name: 'middle', title: '20 Mbit/s, 40 ms, CPU ÷2', cpu: 2, link: { roundTripMs: 40, down: 20_000_000, up: 5_000_000 } },
  { name: 'slow', title: '1.6 Mbit/s, 150 ms, CPU ÷4', cpu: 4, link: { roundTripMs: 150, down: 1_600_000, up: 750_000 } },
];

/** For what is measured with nothing in its way. */
export const UNTHROTTLED = PROFILES.find(({ link, cpu }) => !link && cpu === 1);
